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

/// Some examples on the device, in the layout of the plan that made their source.
struct Batch {
    TensorView input;
    TensorView target{};       ///< none if the plan reads the targets with the inputs, or they are labels
    BufferRange labels{};      ///< a 32-bit word an example: its class, counted from 0
    BufferRange statistics{};  ///< numbers of the host about the inputs, if the plan needs them
};

/// Gives a plan its batches.
class BatchSource {
  public:
    virtual ~BatchSource() = default;

    /// Sets the batches of the next steps. None may be empty, or larger than the source was made for. May
    /// wait for the recorder.
    virtual void set_batches(Recorder& recorder, Batches batches) = 0;
    /// The batch of step `step`, valid until the next call. May wait for the recorder once in a few hundred
    /// steps.
    virtual Batch batch(Recorder& recorder, std::uint32_t step) = 0;
};

/// A tensor of all examples, and memory in which a batch of them is gathered.
class BatchedTensor {
  public:
    /// For batches of up to `largest_batch` of all.n examples.
    BatchedTensor(const Device& device, const Shape& all, std::uint32_t largest_batch,
                  const std::string& name);

    /// For uploads: example n is image n.
    const Tensor& all() const { return all_; }
    /// These examples, one after the other. Examples that already lie so are not copied. Throws
    /// std::invalid_argument for others if a batch may hold all examples.
    TensorView batch(Recorder& recorder, std::span<const std::uint32_t> examples) const;

  private:
    Tensor all_;
    std::optional<Tensor> gathered_;  ///< none if all examples may be one batch
};

}  // namespace shadenet
