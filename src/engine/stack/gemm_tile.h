// How the work of a layer with weights is cut into threads. All devices have the same shaders, and differ in
// these numbers.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/tensors/packed.h"
#include "engine/tensors/weight_blocks.h"
#include "gpu/device_info.h"

namespace shadenet {

/// Of the forward pass and of the gradient to the input. A thread makes out_blocks·4 channels of
/// rows·columns pixels.
struct GemmTile {
    std::uint32_t out_blocks, columns, rows;
    bool operator==(const GemmTile&) const = default;
};

/// Of the weight gradient. A thread sums out_blocks·4 outputs by in_blocks·4 inputs by `taps` neighbouring
/// taps of a kernel row, `columns` pixels at a time.
struct WeightTile {
    std::uint32_t out_blocks, in_blocks, taps, columns;
    bool operator==(const WeightTile&) const = default;
};

/// A good choice without measuring, for y of `blocks` blocks and images of `width` columns. Registers hold
/// 128 sums on a software driver, which pays for loads, and 32 on a GPU, which needs many threads.
inline GemmTile default_gemm_tile(DeviceKind kind, std::uint32_t blocks, std::uint32_t width) {
    if (kind != DeviceKind::software) return {std::min(blocks, 2u), 4, 1};
    if (blocks == 1) return {1, 8, 2};
    if (blocks < 4) return {blocks, 8, 1};
    return width <= 8 ? GemmTile{4, 4, 2} : GemmTile{4, 8, 1};
}

/// Likewise, for weights of this extent with `kernel` columns.
inline WeightTile default_weight_tile(DeviceKind kind, const WeightExtent& extent, std::uint32_t kernel) {
    const std::uint32_t out = extent.out_blocks(), in = extent.in_blocks();
    const std::uint32_t taps = kernel <= 7 ? kernel : pieces_of(kernel, 2u);
    if (kind != DeviceKind::software) return {1, 1, std::min(taps, 3u), 4};
    if (kernel == 1) return {std::min(out, 4u), std::min(in, 2u), 1, 4};
    if (kernel > 3) return {1, 1, taps, 4};
    return out > 1 ? WeightTile{2, 1, taps, 4} : WeightTile{1, std::min(in, 2u), taps, 4};
}

}  // namespace shadenet
