// Files in which a command tells something to people or other programs: a device or a pipe may stand for one.
#pragma once

#include <filesystem>
#include <string_view>
#include <system_error>

namespace shadenet {

/// Whether `path` leads to a terminal, another device that takes letters, or a pipe, as /dev/null,
/// /dev/stdout and what a shell makes of >(gzip) are. Nothing there is replaced, and nothing is lost by
/// writing to it.
bool is_stream(const std::filesystem::path& path);

/// Throws InputError for "-", which people take for standard output; `flag` names the file.
void refuse_dash(const std::filesystem::path& path, const char* flag);

/// Why nothing can be written to a file of this name, or no error. Makes a file beside it and removes that.
std::error_code told_file_problem(const std::filesystem::path& path);

/// As write_file_atomically(); a stream gets the text as it is. Throws WorkError.
void write_told_file(const std::filesystem::path& path, std::string_view text);

}  // namespace shadenet
