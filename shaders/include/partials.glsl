// Joins rows of partial results [rows][blocks][parts] of vec4, which the including shader has as `partial`.
#ifndef PARTIALS_GLSL
#define PARTIALS_GLSL
#include "channels.glsl"
#include "exact_sum.glsl"
#include "partials_push.h"

// Whether the rows are as kernels leave them of tiles. Moments that were merged have a third part: the count.
layout(constant_id = 0) const uint OF_TILES = 1;

struct MergedMoments {
    vec4 mean, moment;
    float count;
};

float pixels_of_tile(TilesPush tiles, uvec2 tile) {
    return float(min(tiles.columns, tiles.width - tile.x * tiles.columns) *
                 min(tiles.rows, tiles.height - tile.y * tiles.rows));
}

uvec2 next_tile(TilesPush tiles, uvec2 tile) {
    if (tile.x + 1 < tiles.tiles_x) return uvec2(tile.x + 1, tile.y);
    return uvec2(0, tile.y + 1 < tiles.tiles_y ? tile.y + 1 : 0);
}

// Chan, Golub & LeVeque 1979: count = Σ nᵢ, mean = Σ nᵢ·mᵢ / count, moment = Σ (Mᵢ + nᵢ·(mᵢ − mean)²) over the rows
// first .. end − 1 of a block.
MergedMoments merge_moments(TilesPush tiles, uint blocks, uint block, uint first, uint end) {
    const uint parts = OF_TILES != 0 ? 2 : 3;
    uint step = blocks * parts, begin = (first * blocks + block) * parts;
    uvec2 first_tile = uvec2(first % tiles.tiles_x, first / tiles.tiles_x % tiles.tiles_y), tile = first_tile;
    // Differences from the first mean keep their digits if the values are large and close together.
    vec4 origin = QUAD(partial, begin);
    float count = 0.0;
    ExactSum4 sum = EMPTY_SUM4;
    for (uint row = first, at = begin; row < end; ++row, at += step) {
        float pixels = OF_TILES != 0 ? pixels_of_tile(tiles, tile) : QUAD(partial, at + 2).x;
        count += pixels;
        add(sum, pixels * (QUAD(partial, at) - origin));
        tile = next_tile(tiles, tile);
    }
    // Shares without an example may fill a group.
    vec4 mean = origin + total(sum) / max(count, 1.0);
    ExactSum4 moment = EMPTY_SUM4;
    tile = first_tile;
    for (uint row = first, at = begin; row < end; ++row, at += step) {
        float pixels = OF_TILES != 0 ? pixels_of_tile(tiles, tile) : QUAD(partial, at + 2).x;
        vec4 difference = QUAD(partial, at) - mean;
        add(moment, QUAD(partial, at + 1) + pixels * difference * difference);
        tile = next_tile(tiles, tile);
    }
    return MergedMoments(mean, total(moment), count);
}

// The sum of one part over the rows first .. end − 1 of a block.
vec4 merge_sums(uint part, uint parts, uint blocks, uint block, uint first, uint end) {
    uint step = blocks * parts;
    ExactSum4 sum = EMPTY_SUM4;
    for (uint row = first, at = (first * blocks + block) * parts + part; row < end; ++row, at += step) {
        add(sum, QUAD(partial, at));
    }
    return total(sum);
}

#endif
