// Reading whole files, and writing them so that a reader never meets half of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace shadenet {

/// The whole file. Throws InputError when it does not exist, is no regular file, cannot be read, or is larger
/// than `max_bytes`.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// Writes to a temporary name in the same folder, syncs it, and renames it over `path`, so that `path` is
/// always either whole or as it was. Throws WorkError, and removes the temporary, when any step fails.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// The user's cache folder for this program (`$XDG_CACHE_HOME/shadenet`, else `~/.cache/shadenet`; on macOS
/// `~/Library/Caches/shadenet`, on Windows `%LOCALAPPDATA%\shadenet`), or an empty path when there is none.
/// The folder may not exist yet.
std::filesystem::path cache_folder();

}  // namespace shadenet
