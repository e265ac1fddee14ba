// Names of files, and all else that users and their files bring, as a terminal, a window or a page may show
// it.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace shadenet {

/// The text with `escape` in place of each character that does not merely stand there: control characters,
/// those that end lines, those that turn the direction of writing round, and bytes that are no UTF-8, one by
/// one. `escape` is given the character's bytes, and its code point or -1.
std::string with_escapes(std::string_view text,
                         const std::function<std::string(std::string_view bytes, int code)>& escape);

/// The text on one line, with such characters as "\n", "\t", "\x1b" or "\u202e".
std::string on_one_line(std::string_view text);
/// The same, but line ends stay.
std::string without_controls(std::string_view text);

}  // namespace shadenet
