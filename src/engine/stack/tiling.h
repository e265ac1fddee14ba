// How partial results of the stack plan lie.
#pragma once

#include <cstdint>

#include "engine/tensors/packed.h"
#include "partials_push.h"

namespace shadenet {

/// Tiles of columns x rows pixels over images of width x height; those at the right and the lower edge are
/// smaller. Tile ((n·tiles_y) + ty)·tiles_x + tx is the one of image n in row ty and column tx of the tiles.
///
/// A kernel leaves partial results of all tiles as [tiles][blocks of four channels][parts] of vec4:
/// for moments, parts 0 and 1 are the mean of the tile's pixels and their centred second moment Σ(x − mean)²;
/// for sums, every part is a sum over the tile's pixels. Channels beyond the last one hold finite numbers.
struct Tiling {
    std::uint32_t columns = 1, rows = 1;
    std::uint32_t tiles_x = 1, tiles_y = 1;
    std::uint32_t width = 1, height = 1;
    std::uint32_t images = 1;

    /// Of images, where images of one pixel are one image of one row; see PackedView.
    static Tiling of(const PackedView& x, std::uint32_t columns, std::uint32_t rows) {
        return x.side_by_side() ? over(x.pixels(), 1, 1, columns, rows)
                                : over(x.shape.w, x.shape.h, x.shape.n, columns, rows);
    }
    /// Of `pixels` consecutive pixels, of images seen as one row each.
    static Tiling of_runs(const PackedView& x, std::uint32_t pixels) {
        return over(x.pixels(), 1, x.image_count(), pixels, 1);
    }

    std::uint32_t tiles() const { return images * tiles_y * tiles_x; }
    /// Values of a channel.
    std::uint64_t values() const { return std::uint64_t{images} * height * width; }
    /// Of partial results with `parts` for every block.
    std::uint64_t bytes(std::uint32_t blocks, std::uint32_t parts = 2) const {
        return std::uint64_t{tiles()} * blocks * parts * quad_bytes;
    }
    push::TilesPush push() const { return {columns, rows, tiles_x, tiles_y, width, height}; }

  private:
    static Tiling over(std::uint32_t width, std::uint32_t height, std::uint32_t images, std::uint32_t columns,
                       std::uint32_t rows) {
        return {columns, rows, pieces_of(width, columns), pieces_of(height, rows), width, height, images};
    }
};

}  // namespace shadenet
