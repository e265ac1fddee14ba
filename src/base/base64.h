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
/// Nothing for text that to_base64() does not give.
std::optional<std::vector<std::byte>> from_base64(std::string_view text);

}  // namespace shadenet
