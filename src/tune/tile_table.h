// The tiles that are tried on a device.
#pragma once

#include <vector>

#include "engine/fused_tile.h"

namespace shadenet {

/// For each pass, the default first and then in the order of what they promise: time may run out. Every entry
/// is within what Vulkan guarantees.
struct TileTable {
    std::vector<FusedTile> forward, backward;
};

TileTable tile_table(DeviceKind kind, std::uint32_t kernel);

/// Both tiles stand in the table.
bool contains(const TileTable& table, const FusedTiles& tiles);

}  // namespace shadenet
