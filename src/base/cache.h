// The user's cache folder: what every start would otherwise find out anew.
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

/// Writes a file there, whole. False where it cannot, which is said in the log, once in a process' life.
bool keep_in_cache(const std::string& name, std::span<const std::byte> bytes) noexcept;

}  // namespace shadenet
