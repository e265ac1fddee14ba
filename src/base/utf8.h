// Text in UTF-8. Most file names are UTF-8, but they need not be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadenet {

bool is_utf8(std::string_view text);

/// The number of code points: all bytes except those that continue a code point.
std::size_t letters_of(std::string_view text);

/// A name in the composed form of Unicode (NFC): systems write "é" as one code point or as two, and to people
/// both are one name. A name that is not UTF-8 stays as it is.
std::string normalised(const std::string& name);

/// The name in a form that is equal for names that differ only in case.
std::string without_case(const std::string& name);

}  // namespace shadenet
