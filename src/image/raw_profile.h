// ImageMagick's way to put any bytes into a text of a PNG, which other programs read, too: a name, the number
// of bytes, and the bytes in hexadecimal digits.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shadenet {

constexpr std::string_view raw_profile_keyword = "Raw profile type ";  // followed by the name

std::string raw_profile_text(std::string_view name, std::span<const std::byte> bytes);

/// None when the text is no such profile.
std::optional<std::vector<std::byte>> raw_profile_bytes(std::string_view text);

}  // namespace shadenet
