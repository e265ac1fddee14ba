// Joins partial results of tiles until few are left: shaders/stack_merge.comp.
#pragma once

#include <cstdint>

#include "engine/stack/scratch.h"
#include "engine/stack/tiling.h"
#include "engine/tensors/quad_kernel.h"

namespace shadenet {

/// Rows [rows][blocks][parts] of vec4 that one thread of a finishing kernel can join.
struct PartialRows {
    BufferRange range;
    std::uint32_t rows;
    bool of_tiles;  ///< as kernels left them; else of moments three parts: mean, second moment, count
};

/// Merges in fixed order: sums as ExactSum adds, moments by Chan, Golub & LeVeque 1979.
class Merger {
  public:
    enum class Kind : std::uint32_t { sums, moments };
    /// Rows that a thread merges. With a second pass over them still far from the 65,535 rounds of a thread
    /// after which some drivers end its loops without a message.
    static constexpr std::uint32_t rows_per_merge = 128;
    /// Rows that a finishing kernel is left with, at most.
    static constexpr std::uint32_t rows_to_finish = 256;

    /// `largest`: the shape whose values the largest partial results are of, with tiles of one pixel at
    /// least; `parts`: of what kernels leave.
    Merger(const Device& device, Kind kind, const Shape& largest, Scratch& scratch, std::uint32_t parts = 2);

    /// Merges partial results of `blocks` blocks until at most rows_to_finish rows are left: none if there
    /// are no more from the beginning. Uses up both halves of the scratch memory.
    PartialRows merge(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                      std::uint32_t blocks) const;

  private:
    std::uint32_t merged_parts() const { return kind_ == Kind::moments ? 3 : parts_; }

    Kind kind_;
    std::uint32_t parts_;
    Scratch& scratch_;
    QuadKernel<push::MergePartialsPush> of_tiles_, of_merged_;
};

}  // namespace shadenet
