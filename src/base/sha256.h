// SHA-256, which identifies content wherever it is stored.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace shadenet {

/// 64 hexadecimal digits in lower case, as `sha256sum` prints them.
std::string sha256(std::span<const std::byte> bytes);

}  // namespace shadenet
