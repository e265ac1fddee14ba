// Quantities and paths as people read them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace shadenet {

/// "0.42 s", "12 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

/// "512 bytes", "32 KiB", "7.6 GiB": powers of 1024, one digit after the point where it says something.
std::string bytes_text(std::uint64_t bytes);

/// The words of `text` in lines of at most `columns`, those after the first behind `indent` blanks. A longer
/// word has a line of its own.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent = 0);

/// A path as it is shown on one line.
std::string shown(const std::filesystem::path& path);

/// A path as it is shown and can be pasted into a shell.
std::string shell_quoted(const std::filesystem::path& path);

}  // namespace shadenet
