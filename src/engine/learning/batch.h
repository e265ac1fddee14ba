// Batches of examples on the device: what a step learns from.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "data/batches.h"
#include "engine/tensors/quad_kernel.h"
#include "engine/tensors/tensor.h"
#include "gather_push.h"
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

    /// Sets the batches of the next steps. None may be empty, or larger than the source was made for.
    virtual void set_batches(Batches batches) = 0;
    /// Makes the batch of step `step` the one that gather() is for.
    virtual void choose(Recorder& recorder, std::uint32_t step) = 0;
    /// The chosen batch, valid until the next choose(). Its calls are the same for any batch of as many
    /// examples.
    virtual Batch gather(Recorder& recorder) = 0;

    Batch batch(Recorder& recorder, std::uint32_t step) {
        choose(recorder, step);
        return gather(recorder);
    }
};

/// A tensor of all examples, and memory in which a batch of them is gathered.
class BatchedTensor {
  public:
    /// For batches of up to `largest_batch` of all.n examples.
    BatchedTensor(const Device& device, const Shape& all, std::uint32_t largest_batch,
                  const std::string& name);

    /// For uploads: example n is image n.
    const Tensor& all() const { return all_; }
    /// These examples are the next batch. Where a batch may hold all examples, nothing is gathered: throws
    /// std::invalid_argument there if they do not lie one after the other.
    void choose(Recorder& recorder, std::span<const std::uint32_t> examples);
    /// The chosen examples, one after the other.
    TensorView gather(Recorder& recorder) const;

  private:
    /// Where examples are copied together.
    struct Gathered {
        Tensor batch;
        Buffer chosen;  ///< numbers of examples
        QuadKernel<push::GatherPush> gather;
    };

    Tensor all_;
    std::optional<Gathered> gathered_;  ///< none if all examples may be one batch
    std::uint32_t first_ = 0, count_ = 0;
};

}  // namespace shadenet
