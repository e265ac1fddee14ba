// Checksums of PNG chunks. A reader stops at a wrong one, and so would the fuzzer, which cannot guess them.
#pragma once

#include <cstdint>
#include <cstring>
#include <span>

namespace shadenet::fuzz {

inline std::uint32_t png_checksum(std::span<const std::uint8_t> bytes) {
    std::uint32_t sum = 0xffffffff;
    for (const std::uint8_t byte : bytes) {
        sum ^= byte;
        for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb88320 : 0);
    }
    return ~sum;
}

/// Makes those of every whole chunk right, where `bytes` begin as a PNG does.
inline void mend_png_checksums(std::span<std::uint8_t> bytes) {
    constexpr std::size_t signature = 8, around_data = 12;
    if (bytes.size() < signature || std::memcmp(bytes.data(), "\x89PNG\r\n\x1a\n", signature) != 0) return;
    std::span<std::uint8_t> rest = bytes.subspan(signature);
    while (rest.size() >= around_data) {
        const std::size_t length = std::size_t{rest[0]} << 24 | rest[1] << 16 | rest[2] << 8 | rest[3];
        if (length > rest.size() - around_data) return;
        const std::uint32_t sum = png_checksum(rest.subspan(4, 4 + length));
        for (std::size_t i = 0; i < 4; ++i) {
            rest[8 + length + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
        }
        rest = rest.subspan(around_data + length);
    }
}

}  // namespace shadenet::fuzz
