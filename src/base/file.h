// Reading whole files, and writing them so that readers never see half of one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

namespace shadenet {

namespace fs = std::filesystem;

/// False too where it cannot be found out.
inline bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(path, ignored);
}

/// True if both exist and are the same file or folder, whatever their names.
inline bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code error;
    return std::filesystem::equivalent(a, b, error) && !error;
}

/// The whole file. Throws InputError when it does not exist, is no regular file, cannot be read, or is larger
/// than `max_bytes`.
std::vector<std::byte> read_file(const std::filesystem::path& path, std::uint64_t max_bytes);
inline std::string_view text_of(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// An AtomicFile of these bytes: `path` is always either whole or as it was. Throws WorkError.
void write_file_atomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// Whether the system refuses the path, or the last name in it, as too long. The file need not exist, but its
/// folder or a folder above must.
bool is_too_long(const std::filesystem::path& path);

/// Why no file can be made in the folder, or no error. The function makes a file there and removes it.
std::error_code write_problem(const std::filesystem::path& folder);

/// Adds to the end of a file with one write of the system: if the process is killed meanwhile, a short piece
/// is written completely or not at all. Throws WorkError when it fails, e.g. on a full disk; the file then
/// keeps its old end.
void append_to_file(const std::filesystem::path& path, std::span<const std::byte> bytes);
inline void append_to_file(const std::filesystem::path& path, std::string_view text) {
    append_to_file(path, std::as_bytes(std::span(text)));
}

}  // namespace shadenet
