// How the work of folded inference is cut into threads. All devices have the same shaders, and differ in
// these numbers.
#pragma once

#include <cstdint>

#include "gpu/device_info.h"

namespace shadenet {

/// The tile of one plan. Only `strip` affects the result, and only in the ring of a linear network's picture
/// that both kernels can compute.
struct FoldedTile {
    std::uint32_t strip;       ///< columns of a thread, a multiple of 4
    std::uint32_t block_rows;  ///< rows of a thread
    std::uint32_t local_size;  ///< threads of a workgroup
    bool texels;               ///< read through the texture unit, if its buffers are large enough
    bool held;                 ///< the linear kernel keeps all weights in registers
    bool operator==(const FoldedTile&) const = default;
};

struct FoldedTiles {
    FoldedTile two_layer, linear;
    bool operator==(const FoldedTiles&) const = default;
};

/// Good choices without measuring. A software driver pays for loads, and has enough registers as long as the
/// loop's body fits the processor's instruction cache; a GPU needs many threads with few registers each.
inline FoldedTiles default_folded_tiles(DeviceKind kind, std::uint32_t kernel) {
    if (kind == DeviceKind::software) {
        const std::uint32_t wide = kernel <= 3 ? 32 : 8, narrow = kernel <= 3 ? 8 : 4;
        return {
            .two_layer = {.strip = wide, .block_rows = 128, .local_size = 8, .texels = true, .held = false},
            .linear = {.strip = narrow, .block_rows = 128, .local_size = 8, .texels = true, .held = true}};
    }
    const FoldedTile gpu{.strip = 4, .block_rows = 16, .local_size = 64, .texels = false, .held = false};
    return {gpu, gpu};
}

}  // namespace shadenet
