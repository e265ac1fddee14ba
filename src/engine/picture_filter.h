// A trained network applied to pictures of any size.
#pragma once

#include <cstdint>
#include <memory>

#include "image/image.h"
#include "model/architecture.h"
#include "model/parameters.h"

namespace shadenet {

class Device;

/// Inference with the moving statistics. Pictures are cut into tiles that overlap by the network's receptive
/// radius, so that memory does not grow with the picture; the result does not depend on the tile, bit for
/// bit.
class PictureFilter {
  public:
    /// `tile`: side of the tiles without their overlap, in pixels.
    PictureFilter(const Device& device, const Architecture& architecture, const Parameters& parameters,
                  std::uint32_t tile = 512);
    ~PictureFilter();

    /// The network's output, not clamped, of the same size as `input`.
    Image apply(const Image& input);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace shadenet
