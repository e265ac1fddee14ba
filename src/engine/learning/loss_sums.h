// The sums at the end of a loss: shaders/stack_sum.comp.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/learning/loss.h"
#include "gpu/buffer.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "stack_loss_push.h"

namespace shadenet {

/// Adds what a loss's kernel has left of each image, in fixed order and in stages.
class LossSums {
  public:
    /// For at most `most` partial results.
    LossSums(const Device& device, std::uint64_t most);

    /// Memory for partial results, [rows][row_length] of float.
    BufferRange partials(std::uint64_t count) const { return partials_.range(0, count * sizeof(float)); }

    /// losses[to.row + r] = scale · Σ partials[r] for r < split; where there are more rows,
    /// correct[to.row + r − split] = Σ partials[r].
    void sum(Recorder& recorder, std::uint32_t rows, std::uint32_t row_length, std::uint32_t split,
             float scale, const LossRows& to) const;

  private:
    Kernel<push::StackSumPush> sum_;
    Buffer partials_, stage_;
};

}  // namespace shadenet
