// Makes file names, and other text from users and their files, safe to show in a terminal, a window or a
// page.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace shadenet {

/// The text with an escape in place of every control character, every line end, every character that changes
/// the direction of writing, and every byte that is not UTF-8. `escape` makes it from the character's bytes
/// and its code point, which is -1 for a byte that is not UTF-8.
std::string with_escapes(std::string_view text,
                         const std::function<std::string(std::string_view bytes, int code)>& escape);

/// The text has such a character; bytes that are not UTF-8 are none.
bool has_controls(std::string_view text);

/// The text on one line, with such characters as "\n", "\t", "\x1b" or "\u202e".
std::string on_one_line(std::string_view text);
/// The text with "\xe9" in place of every byte that is not UTF-8, and of nothing else: for files that hold no
/// other text, as JSON.
std::string in_utf8(std::string_view text);
/// As on_one_line(), but line ends stay.
std::string without_controls(std::string_view text);

}  // namespace shadenet
