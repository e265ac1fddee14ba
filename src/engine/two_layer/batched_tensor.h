// Where the pairs of a batch are copied together: shaders/fused_gather.comp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "engine/tensors/quad_kernel.h"
#include "engine/tensors/tensor.h"
#include "fused_gather_push.h"
#include "gpu/recorder.h"

namespace shadenet {

/// A tensor of all examples, and memory in which a batch of them is gathered.
class BatchedTensor {
  public:
    /// For batches of up to `largest_batch` of all.n examples; where that is all of them, in their order
    /// unless it is to be `any_order`.
    BatchedTensor(const Device& device, const Shape& all, std::uint32_t largest_batch,
                  const std::string& name, bool any_order = false);

    /// For uploads: example n is image n.
    const Tensor& all() const { return all_; }
    /// These examples, which may be none, are the next batch. Where a batch may hold all examples in their
    /// order, nothing is gathered: throws std::invalid_argument there if they do not lie one after the other.
    void choose(Recorder& recorder, std::span<const std::uint32_t> examples);
    /// The chosen examples, one after the other.
    TensorView gather(Recorder& recorder) const;

  private:
    /// Where examples are copied together.
    struct Gathered {
        Tensor batch;
        Buffer chosen;  ///< numbers of examples
        QuadKernel<push::FusedGatherPush> gather;
    };

    Tensor all_;
    std::optional<Gathered> gathered_;  ///< none if all examples in their order may be one batch
    std::uint32_t first_ = 0, count_ = 0;
};

}  // namespace shadenet
