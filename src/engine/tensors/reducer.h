// Sums of partial results in fixed order and in stages, with the scratch memory they need.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "column_sum_push.h"
#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"

namespace shadenet {

/// All passes of a plan share it: barriers keep their work one after the other.
class Reducer {
  public:
    explicit Reducer(const Device& device);

    /// Rows that one thread sums. Small enough for the loop limits of software drivers, large enough to end
    /// soon.
    static constexpr std::uint32_t rows_per_sum = 64;

    /// Announces that partial results of this extent will be needed in `set`. Before the first use of
    /// partials().
    void reserve(std::uint64_t rows, std::uint64_t columns, int set = 0);
    /// Takes the memory, unless it is taken already; partials() calls it too. Throws InputError when the
    /// reserved memory exceeds what the device binds.
    void allocate();
    /// Scratch for partial results: set 0 for those of kernels, set 1 for the sums of several calls.
    BufferRange partials(std::uint64_t floats, int set = 0);

    /// to[c] = scale · Σ_r partials(set)[r][c], for a matrix [rows][columns] that a kernel wrote there. The
    /// sums become row `to_row` of `to`.
    void sum(Recorder& recorder, int set, std::uint32_t rows, std::uint32_t columns, float scale,
             BufferRange to, std::uint32_t to_row = 0);

    /// Threads of a stage: one for each of `columns` in each of `groups`; see shaders/include/reduction.glsl.
    static Threads stage_threads(std::uint32_t columns, std::uint32_t groups) {
        constexpr std::uint32_t along_y = 32768;  // half of what Vulkan guarantees
        return {columns, std::min(groups, along_y), pieces_of(groups, along_y)};
    }

    /// Scratch for the stages of a reduction that is not a sum: half 0 holds what partials(…, 0) returned.
    BufferRange stage(int half, std::uint64_t floats);

  private:
    const Device& device_;
    Kernel<push::ColumnSumPush> column_sum_;
    std::uint64_t reserved_[2] = {0, 0}, reserved_stage_ = 0;  ///< floats
    std::optional<Buffer> partials_[2], stage_;
};

}  // namespace shadenet
