// How the work of a layer with weights is cut into threads. All devices have the same shaders, and differ in
// these numbers.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/stack/layer_class.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/device_info.h"

namespace shadenet {

/// Of the forward pass and of the gradient to the input. A thread makes out_blocks·4 channels of
/// rows·columns pixels. No value that a pass makes depends on the tile, only its partial results do.
struct GemmTile {
    std::uint32_t out_blocks, columns, rows;
    std::uint32_t local_size;
    /// stack_gemm_staged: 8·out_blocks·4 channels of 16·columns pixels are a workgroup's, of staged_threads.
    bool staged = false;

    static constexpr std::uint32_t staged_threads = 128;
    std::uint32_t group_blocks() const { return staged ? 8 * out_blocks : out_blocks; }
    std::uint32_t staged_pixels() const { return 16 * columns; }
    std::uint32_t pixels() const { return staged ? staged_pixels() : columns * rows; }
    bool operator==(const GemmTile&) const = default;
};

/// A staged tile of out_blocks·32 channels by columns·16 pixels.
constexpr GemmTile staged_tile(std::uint32_t out_blocks, std::uint32_t columns) {
    return {out_blocks, columns, 1, GemmTile::staged_threads, true};
}

/// Of the weight gradient. A thread sums out_blocks·4 outputs by in_blocks·4 inputs by `taps` neighbouring
/// taps of a kernel row, `columns` pixels at a time.
struct WeightTile {
    /// The number that a tile's text leaves out; tiles of older runs have it, too.
    static constexpr std::uint32_t usual_threads = 1024;

    std::uint32_t out_blocks, in_blocks, taps, columns;
    std::uint32_t local_size;
    /// Where the weights have fewer tiles, the rows of the images are split until there are so many threads.
    std::uint32_t least_threads = usual_threads;
    bool operator==(const WeightTile&) const = default;
};

/// A good choice without measuring, for y of `blocks` blocks and images of `width` columns. Registers hold
/// 128 sums on a software driver, which pays for loads, and 32 on a GPU, which needs many threads. Staged
/// tiles should be faster on GPUs, but are none's default as long as nobody has measured that.
inline GemmTile default_gemm_tile(DeviceKind kind, std::uint32_t blocks, std::uint32_t width) {
    const std::uint32_t local = heavy_local_size(kind);
    if (kind != DeviceKind::software) return {std::min(blocks, 2u), 4, 1, local};
    if (blocks == 1) return {1, 8, 2, local};
    if (blocks < 4) return {blocks, 8, 1, local};
    return width <= 8 ? GemmTile{4, 4, 2, local} : GemmTile{4, 8, 1, local};
}

/// Likewise, for weights of so many blocks with `kernel` columns, and images of `width` columns.
inline WeightTile default_weight_tile(DeviceKind kind, std::uint32_t out, std::uint32_t in,
                                      std::uint32_t kernel, std::uint32_t width) {
    const std::uint32_t local = heavy_local_size(kind);
    const std::uint32_t taps = kernel <= 7 ? kernel : pieces_of(kernel, 2u);
    if (kind != DeviceKind::software) return {1, 1, std::min(taps, 3u), 4, local};
    if (kernel == 1) return {std::min(out, 4u), std::min(in, 2u), 1, 4, local};
    const std::uint32_t columns = width >= 16 ? 8 : 4;
    if (kernel > 3) return {1, 1, taps, columns, local};
    return out > 1 ? WeightTile{2, 1, taps, 4, local} : WeightTile{1, 1, taps, columns, local};
}

/// The tiles of a layer's three passes.
struct LayerTiles {
    GemmTile forward, input;
    WeightTile weights;
    bool operator==(const LayerTiles&) const = default;
};

inline LayerTiles default_layer_tiles(DeviceKind kind, const LayerClass& layer) {
    return {default_gemm_tile(kind, layer.out_blocks, layer.width),
            default_gemm_tile(kind, layer.in_blocks, layer.width),
            default_weight_tile(kind, layer.out_blocks, layer.in_blocks, layer.kernel, layer.width)};
}

}  // namespace shadenet
