#include "engine/stack/merger.h"

#include <algorithm>

namespace shadenet {

namespace {

constexpr std::uint32_t floats_of_block = 4;

std::vector<Constant> merge_constants(Merger::Kind kind, std::uint32_t parts, bool of_tiles) {
    return {{"OF_TILES", of_tiles}, {"MOMENTS", kind == Merger::Kind::moments}, {"PARTS", parts}};
}

}  // namespace

Merger::Merger(const Device& device, Kind kind, const Shape& largest, Scratch& scratch, std::uint32_t parts,
               const ShareRows* rows)
    : kind_(kind),
      parts_(parts),
      scratch_(scratch),
      rows_(rows),
      of_tiles_(device, "stack_merge", {"partial", "merged"}, merge_constants(kind, parts, true),
                heavy_local_size(device)),
      of_merged_(device, "stack_merge", {"partial", "merged"}, merge_constants(kind, parts, false),
                 heavy_local_size(device)) {
    const auto reserve = [&](std::uint64_t count, std::uint64_t most) {
        for (int half = 1; count > most; half = 1 - half) {
            count = pieces_of(count, rows_per_merge);
            scratch_.reserve(count * blocks_of(largest.c) * merged_parts() * quad_bytes, half);
        }
    };
    const std::uint64_t of_share = largest.n * largest.plane();
    if (rows == nullptr) {
        reserve(of_share, rows_to_finish);
    } else {
        reserve(std::max<std::uint64_t>(of_share, 2), 1);
        reserve(rows->count(), rows_to_finish);
    }
}

std::uint32_t Merger::columns(Kind kind, std::uint32_t channels, std::uint32_t parts) {
    return blocks_of(channels) * floats_of_block * (kind == Kind::moments ? 3 : parts);
}

PartialRows Merger::merge_once(Recorder& recorder, const PartialRows& from, std::uint32_t blocks,
                               int half) const {
    const std::uint32_t groups = pieces_of(from.rows, rows_per_merge);
    const std::uint64_t bytes = std::uint64_t{groups} * blocks * merged_parts() * quad_bytes;
    const PartialRows to{scratch_.range(bytes, half), groups, false, from.tiles};
    (from.of_tiles ? of_tiles_ : of_merged_)(
        recorder, {{"partial", from.range}, {"merged", to.range}},
        {.tiles = from.tiles, .rows = from.rows, .blocks = blocks, .per_group = rows_per_merge},
        {std::uint64_t{groups} * blocks});
    return to;
}

PartialRows Merger::merge(Recorder& recorder, PartialRows from, std::uint32_t blocks,
                          std::uint32_t most) const {
    for (int half = 1; from.rows > most; half = 1 - half) from = merge_once(recorder, from, blocks, half);
    return from;
}

void Merger::add(Recorder& recorder, const BufferRange& partials, const Tiling& tiling, std::uint32_t blocks,
                 std::uint32_t own) {
    const PartialRows all{partials, tiling.tiles(), true, tiling.push()};
    if (rows_ == nullptr) {
        latest_ = merge(recorder, all, blocks, rows_to_finish);
        return;
    }
    // A row of tiles is not yet one of merged moments.
    PartialRows one = merge_once(recorder, all, blocks, 1);
    for (int half = 0; one.rows > 1; half = 1 - half) one = merge_once(recorder, one, blocks, half);
    recorder.copy(one.range, rows_->range(own));
}

void Merger::add_nothing(Recorder& recorder, std::uint32_t own) const {
    recorder.fill(rows_->range(own), 0);
}

PartialRows Merger::joined(Recorder& recorder, std::uint32_t blocks) const {
    if (rows_ == nullptr) return latest_;
    // Rows of shares lie as those of tiles of one pixel in one row would.
    const PartialRows all{rows_->all(), rows_->count(), false, Tiling{}.push()};
    return merge(recorder, all, blocks, rows_to_finish);
}

}  // namespace shadenet
