// The user's cache folder: results that every start would otherwise compute again.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

namespace shadenet {

/// The user's cache folder for this program (`$XDG_CACHE_HOME/shadenet`, else `~/.cache/shadenet`; on macOS
/// `~/Library/Caches/shadenet`, on Windows `%LOCALAPPDATA%\shadenet`), or an empty path when there is none.
/// The folder may not exist yet.
std::filesystem::path cache_folder();

/// Writes a complete file into the cache folder. False on failure; a process logs only its first failure.
bool keep_in_cache(const std::string& name, std::span<const std::byte> bytes) noexcept;

}  // namespace shadenet
