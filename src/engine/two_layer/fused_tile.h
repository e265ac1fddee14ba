// How the work of the fused passes is cut into threads. All devices have the same shaders, and differ in
// these numbers.
#pragma once

#include <cstdint>

#include "gpu/device_info.h"

namespace shadenet {

/// The tile of one pass. `local_size` and `texels` do not affect the result; the others decide the order of
/// sums.
struct FusedTile {
    std::uint32_t strip;       ///< columns of a thread
    std::uint32_t block_rows;  ///< rows of a thread
    std::uint32_t group = 1;   ///< hidden channels of a thread; the backward pass only
    /// Columns of a thread, with 250 registers, if the network allows to correlate; 0: never.
    std::uint32_t correlate = 0;
    std::uint32_t local_size;  ///< threads of a workgroup
    bool texels;               ///< read through the texture unit, if its buffers are large enough
    bool operator==(const FusedTile&) const = default;
};

struct FusedTiles {
    FusedTile forward, backward;
    bool operator==(const FusedTiles&) const = default;
};

/// Good choices without measuring. A software driver pays for loads and for workgroups and has few threads:
/// wide strips keep much in registers, as long as the loop's body fits the processor's instruction cache. A
/// GPU has few registers and needs many threads.
inline FusedTiles default_tiles(DeviceKind kind, std::uint32_t kernel) {
    if (kind == DeviceKind::software) {
        return {
            .forward = {.strip = kernel == 3 ? 16u : 8u, .block_rows = 128, .local_size = 8, .texels = true},
            .backward = {.strip = kernel == 3 ? 8u : 4u,
                         .block_rows = 128,
                         .group = kernel == 3 ? 4u : 1u,
                         .correlate = 4,
                         .local_size = 8,
                         .texels = true}};
    }
    return {
        .forward = {.strip = 4, .block_rows = 16, .local_size = 64, .texels = false},
        .backward = {
            .strip = kernel == 3 ? 4u : 2u, .block_rows = 64, .group = 1, .local_size = 64, .texels = false}};
}

}  // namespace shadenet
