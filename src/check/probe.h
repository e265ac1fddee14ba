// A training step small enough for float64, to check a plan on the user's device.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/tensors/parameter_buffers.h"
#include "engine/two_layer/fused_network.h"
#include "engine/two_layer/fused_pictures.h"
#include "gpu/buffer.h"
#include "model/parameters.h"
#include "reference/network.h"

namespace shadenet::check {

/// Copies of one random picture, 256 pixels wide. The loss and gradients of n equal pictures are those of
/// one, so that the reference is quick and the device still has enough work for timing.
class Probe {
  public:
    Probe(const Device& device, const Network& architecture, const FusedNetwork& network);

    const Parameters& parameters() const { return parameters_; }
    const FusedLayout& layout() const { return layout_; }
    std::uint32_t pairs() const { return pairs_; }
    /// The batch of all pairs.
    Batch batch(Recorder& recorder) { return pictures_->batch(recorder, 0); }

    /// What differs from the reference after a step from parameters(), or "".
    std::string problem(const ParameterBuffers& buffers, const Buffer& loss) const;

  private:
    Parameters parameters_;
    reference::Evaluation truth_;
    std::uint32_t pairs_;
    FusedLayout layout_;
    std::optional<FusedPictures> pictures_;
};

}  // namespace shadenet::check
