// A checksum that tells files and builds apart; it does not protect against deliberate forgery.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shadenet {

/// FNV-1a, 64 bits. `before` is the checksum of the bytes that come before these.
inline std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t before = 0xcbf29ce484222325) {
    for (const std::byte b : bytes) before = (before ^ static_cast<std::uint64_t>(b)) * 0x100000001b3;
    return before;
}

}  // namespace shadenet
