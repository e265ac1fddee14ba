// Text for HTML and SVG.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace shadenet {

/// The text for element content and for quoted attributes, as valid UTF-8 on one line: see on_one_line().
std::string escaped(std::string_view text);

/// "data:<type>;base64,...".
std::string data_uri(std::string_view type, std::span<const std::byte> bytes);

}  // namespace shadenet
