// Joins partial results of tiles until few are left: shaders/stack_merge.comp.
#pragma once

#include <cstdint>

#include "engine/stack/scratch.h"
#include "engine/stack/tiling.h"
#include "engine/tensors/quad_kernel.h"
#include "engine/tensors/share_rows.h"

namespace shadenet {

/// Rows [rows][blocks][parts] of vec4 that one thread of a finishing kernel can join.
struct PartialRows {
    BufferRange range;
    std::uint32_t rows;
    bool of_tiles;  ///< as kernels left them; else of moments three parts: mean, second moment, count
    push::TilesPush tiles{};  ///< of which they are, or were
};

/// Merges in fixed order: sums as ExactSum adds, moments by Chan, Golub & LeVeque 1979. The shares of a step
/// are merged into a row each, and then with one another.
class Merger {
  public:
    enum class Kind : std::uint32_t { sums, moments };
    /// Rows that a thread merges. With a second pass over them still far from the 65,535 rounds of a thread
    /// after which some drivers end its loops without a message.
    static constexpr std::uint32_t rows_per_merge = 128;
    /// Rows that a finishing kernel is left with, at most.
    static constexpr std::uint32_t rows_to_finish = 256;

    /// `largest`: the shape whose values the largest partial results are of, with tiles of one pixel at
    /// least; `parts`: of what kernels leave. `rows`: see columns(), where a step has several shares; null
    /// where it has one.
    Merger(const Device& device, Kind kind, const Shape& largest, Scratch& scratch, std::uint32_t parts = 2,
           const ShareRows* rows = nullptr);
    /// Floats of the row that a share of `channels` channels leaves.
    static std::uint32_t columns(Kind kind, std::uint32_t channels, std::uint32_t parts = 2);

    /// Merges partial results of `blocks` blocks, the step's or those of share `own` of this rank. Uses up
    /// both halves of the scratch memory.
    void add(Recorder& recorder, const BufferRange& partials, const Tiling& tiling, std::uint32_t blocks,
             std::uint32_t own = 0);
    /// In place of that for a share without an example.
    void add_nothing(Recorder& recorder, std::uint32_t own) const;
    /// At most rows_to_finish rows of the whole step, after add() of all shares, and the exchange of their
    /// rows. Of a step of one share they are in the scratch memory: right after add().
    PartialRows joined(Recorder& recorder, std::uint32_t blocks) const;

  private:
    std::uint32_t merged_parts() const { return kind_ == Kind::moments ? 3 : parts_; }
    /// Merges until at most `most` rows are left: none if there are no more from the beginning.
    PartialRows merge(Recorder& recorder, PartialRows from, std::uint32_t blocks, std::uint32_t most) const;
    PartialRows merge_once(Recorder& recorder, const PartialRows& from, std::uint32_t blocks, int half) const;

    Kind kind_;
    std::uint32_t parts_;
    Scratch& scratch_;
    const ShareRows* rows_;
    PartialRows latest_{};
    QuadKernel<push::MergePartialsPush> of_tiles_, of_merged_;
};

}  // namespace shadenet
