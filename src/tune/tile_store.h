// Tiles kept in the user's cache folder.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gpu/device.h"

namespace shadenet {

/// A file for each device, driver, build of shaders, and form of what the tiles are for. A file that cannot
/// be read or says something else is as good as none. Where none can be written the process remembers the
/// tiles as long as it runs.
class TileStore {
  public:
    /// `shaders`: those whose speed is measured; `form`: in words.
    TileStore(const Device& device, const std::vector<const char*>& shaders, const std::string& form);
    /// The name of tiles, which may be no tiles that this device can have.
    std::optional<std::string> read() const;
    void write(const std::string& tiles) const noexcept;
    /// Empty where the user has no cache folder.
    std::filesystem::path path() const;

  private:
    std::optional<std::string> read_kept() const;

    std::map<std::string, std::string> key_;  ///< what the tiles were measured for, as the file says it
    std::string name_;                        ///< of the file
};

}  // namespace shadenet
