// Quantities and paths as people read them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace shadenet {

/// "0.42 s", "12 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

/// "512 bytes", "32 KiB", "7.6 GiB": powers of 1024, one digit after the point where it says something.
std::string bytes_text(std::uint64_t bytes);

/// A path as it is shown on one line.
std::string shown(const std::filesystem::path& path);

/// A path as it is shown and can be pasted into a shell.
std::string shell_quoted(const std::filesystem::path& path);

}  // namespace shadenet
