// Reading whole files, and writing them so that a reader never meets half of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

namespace shadenet {

/// The whole file. Throws InputError when it does not exist, is no regular file, cannot be read, or is larger
/// than `max_bytes`.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);

/// An AtomicFile of these bytes: `path` is always either whole or as it was. Throws WorkError.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Whether the system takes no such name, or no such path, for its length; the file need not be there, but
/// its folder must be, or one of those above it.
bool is_too_long(const std::filesystem::path& path);

/// Why no file can be made in the folder, or no error: tries it, and leaves none.
std::error_code write_problem(const std::filesystem::path& folder);

/// Adds to the end of a file, in one write to the system: a process that is killed meanwhile has made it
/// wholly or not at all, where it is short. Throws WorkError when the disk is full or the like; the file then
/// ends as before.
void append_to_file(const std::filesystem::path& path, std::span<const std::byte> bytes);

}  // namespace shadenet
