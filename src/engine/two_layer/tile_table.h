// The tiles of the fused plan that a device may be given, and their names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/two_layer/fused_tile.h"

namespace shadenet {

/// The tiles to try for each pass: the default first, then the most promising ones, because the time to try
/// them may run out. Every tile is within what Vulkan guarantees.
struct TileTable {
    std::vector<FusedTile> forward, backward;
};

TileTable tile_table(DeviceKind kind, std::uint32_t kernel);

/// "forward 16x128, 8 threads, texels; backward 8x128x4 or 4x128, 8 threads, texels": columns, rows and
/// channels of a thread, and threads of a workgroup.
std::string to_string(const FusedTiles& tiles);

/// The tiles of that name, if they are in the table.
std::optional<FusedTiles> find_tiles(const TileTable& table, const std::string& name);

}  // namespace shadenet
