// The tiles of the fused plan that a device may be given, and their names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/two_layer/fused_tile.h"

namespace shadenet {

/// For each pass, the default first and then in the order of what they promise: who tries them may run out of
/// time. Every entry is within what Vulkan guarantees.
struct TileTable {
    std::vector<FusedTile> forward, backward;
};

TileTable tile_table(DeviceKind kind, std::uint32_t kernel);

/// "forward 16x128, 8 threads, texels; backward 8x128x4 or 4x128, 8 threads, texels": columns, rows and
/// channels of a thread, and threads of a workgroup.
std::string to_string(const FusedTiles& tiles);

/// The tiles of that name, if the table has them.
std::optional<FusedTiles> find_tiles(const TileTable& table, const std::string& name);

}  // namespace shadenet
