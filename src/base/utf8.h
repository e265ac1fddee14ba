// Text in UTF-8, as names of files mostly are and need not be.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace shadenet {

bool is_utf8(std::string_view text);

/// Code points: all bytes but those that go on with one.
std::size_t letters_of(std::string_view text);

/// A name in the composed form of Unicode (NFC): systems write "é" as one code point or as two, and to people
/// both are one name. What is not UTF-8 stays as it is.
std::string normalised(const std::string& name);

/// Equal for names that differ in case alone.
std::string without_case(const std::string& name);

}  // namespace shadenet
