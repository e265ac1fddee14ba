#include "engine/stack/merger.h"

#include <algorithm>

namespace shadenet {

namespace {

std::vector<Constant> merge_constants(Merger::Kind kind, std::uint32_t parts, bool of_tiles) {
    return {{"OF_TILES", of_tiles}, {"MOMENTS", kind == Merger::Kind::moments}, {"PARTS", parts}};
}

}  // namespace

Merger::Merger(const Device& device, Kind kind, const Shape& largest, Scratch& scratch, std::uint32_t parts)
    : kind_(kind),
      parts_(parts),
      scratch_(scratch),
      of_tiles_(device, "stack_merge", {"partial", "merged"}, merge_constants(kind, parts, true),
                heavy_local_size(device)),
      of_merged_(device, "stack_merge", {"partial", "merged"}, merge_constants(kind, parts, false),
                 heavy_local_size(device)) {
    std::uint64_t rows = largest.n * largest.plane();
    for (int half = 1; rows > rows_to_finish; half = 1 - half) {
        rows = pieces_of(rows, rows_per_merge);
        scratch_.reserve(rows * blocks_of(largest.c) * merged_parts() * quad_bytes, half);
    }
}

PartialRows Merger::merge(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                          std::uint32_t blocks) const {
    PartialRows from{partials, tiling.tiles(), true};
    for (int half = 1; from.rows > rows_to_finish; half = 1 - half) {
        const std::uint32_t groups = pieces_of(from.rows, rows_per_merge);
        const std::uint64_t bytes = std::uint64_t{groups} * blocks * merged_parts() * quad_bytes;
        const PartialRows to{scratch_.range(bytes, half), groups, false};
        (from.of_tiles ? of_tiles_ : of_merged_)(
            recorder, {{"partial", from.range}, {"merged", to.range}},
            {.tiles = tiling.push(), .rows = from.rows, .blocks = blocks, .per_group = rows_per_merge},
            {std::uint64_t{groups} * blocks});
        from = to;
    }
    return from;
}

}  // namespace shadenet
