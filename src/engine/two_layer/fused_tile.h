// How the work of the fused passes is cut into threads. The shaders are the same everywhere; these numbers
// differ.
#pragma once

#include <cstdint>
#include <string>

#include "gpu/device_info.h"

namespace shadenet {

/// Of one pass. The result does not depend on `local_size` and `texels`; the others decide the order of sums.
struct FusedTile {
    std::uint32_t strip;       ///< columns of a thread
    std::uint32_t block_rows;  ///< rows of a thread
    std::uint32_t group = 1;   ///< hidden channels of a thread; the backward pass only
    std::uint32_t correlate =
        0;  ///< columns of a thread where the network allows to correlate, with 250 registers; 0: never
    std::uint32_t local_size;  ///< threads of a workgroup
    bool texels;  ///< read through the texture unit, where the device's texel buffers are large enough
    bool operator==(const FusedTile&) const = default;
};

struct FusedTiles {
    FusedTile forward, backward;
    bool operator==(const FusedTiles&) const = default;
};

/// Tiles, and how they were come by: "defaults", "measured now", "measured before".
struct ChosenTiles {
    FusedTiles tiles;
    std::string source;
};

/// Sound choices without measuring. A software driver pays for loads and for workgroups and has few threads:
/// wide strips that keep much in registers, as long as the loop's body fits the processor's instruction
/// cache. A GPU has few registers and wants many threads.
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
