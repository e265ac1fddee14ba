// Batches of examples on the device: what a step learns from.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "data/batches.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Some examples on the device, as the plan wants them that its source was made by.
struct Batch {
    TensorView input;
    TensorView target{};       ///< none where the plan reads the targets with the inputs
    BufferRange statistics{};  ///< what the host has found out about the inputs, for plans that ask for it
};

/// Gives a plan its batches.
class BatchSource {
  public:
    virtual ~BatchSource() = default;

    /// The batches of the steps to come, none of them empty or larger than the source was made for. May wait
    /// for the recorder.
    virtual void set_batches(Recorder& recorder, Batches batches) = 0;
    /// Of step `step`, until the next call. May wait for the recorder once in a few hundred steps.
    virtual Batch batch(Recorder& recorder, std::uint32_t step) = 0;
};

/// A tensor of all examples, and room to gather a batch of them in.
class BatchedTensor {
  public:
    /// For batches of up to `largest_batch` of all.n examples.
    BatchedTensor(const Device& device, const Shape& all, std::uint32_t largest_batch,
                  const std::string& name);

    /// For uploads: example n is image n.
    const Tensor& all() const { return all_; }
    /// These examples one after the other: those that lie so are not copied. Throws std::invalid_argument for
    /// others where no batch is smaller than the whole.
    TensorView batch(Recorder& recorder, std::span<const std::uint32_t> examples) const;

  private:
    Tensor all_;
    std::optional<Tensor> gathered_;  ///< none where all examples may be one batch
};

}  // namespace shadenet
