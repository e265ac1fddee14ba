// Base64: bytes as text, where a file format takes only text.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shadenet {

/// With padding, on one line.
std::string to_base64(std::span<const std::byte> bytes);
/// Nothing if to_base64() could not have made the text.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace shadenet
