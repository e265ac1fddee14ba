// Files that the user tells a command to write, looked at before anything is computed.
#pragma once

#include <filesystem>
#include <string_view>

namespace shadenet {

/// What --overwrite may replace, so that a slip of the hand costs no other file.
struct Replaceable {
    const char* word;
    std::string_view beginning;  ///< of its files
    bool or_stream = true;       ///< a device or a pipe may stand for one, see is_stream()
};

inline constexpr Replaceable any_file{"file", "", false};
inline constexpr Replaceable page_file{"page", "<!doctype html"};
inline constexpr Replaceable drawing_file{"drawing", "<svg"};
inline constexpr Replaceable summary_file{"summary", "{\"file\":"};
inline constexpr Replaceable answers_file{"table of answers", "file,output,status,"};

/// `flag` names the file. Throws InputError for one that is there, unless it is empty or `overwrite` replaces
/// it, and where no file can be made.
void check_new_file(const std::filesystem::path& file, const char* flag, bool overwrite,
                    const Replaceable& kind = any_file);

}  // namespace shadenet
