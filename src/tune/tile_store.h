// Tiles kept in the user's cache folder.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "engine/two_layer/fused_network.h"
#include "engine/two_layer/tile_table.h"
#include "gpu/device.h"

namespace shadenet {

/// A file for each device, driver, build and form of network. A file that cannot be read or says something
/// else is as good as none. Where none can be written the process remembers the tiles as long as it runs.
class TileStore {
  public:
    TileStore(const Device& device, const FusedNetwork& network);
    /// Nothing either where the table does not have them.
    std::optional<FusedTiles> read(const TileTable& table) const;
    void write(const FusedTiles& tiles) const noexcept;
    /// Empty where the user has no cache folder.
    std::filesystem::path path() const;

  private:
    std::optional<FusedTiles> read_kept(const TileTable& table) const;

    std::map<std::string, std::string> key_;  ///< what the tiles were measured for, as the file says it
    std::string name_;                        ///< of the file
};

}  // namespace shadenet
