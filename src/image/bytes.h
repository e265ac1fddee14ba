// Numbers in the bytes of picture files.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace shadenet {

using Bytes = std::span<const std::byte>;

/// Places in other bytes.
struct ByteRange {
    std::uint64_t begin = 0, end = 0;
    bool is_empty() const { return begin >= end; }
    bool holds(std::uint64_t at) const { return begin <= at && at < end; }
};

/// The number in `count` bytes from `at` on: least significant byte first, or most. The bytes must exist.
inline std::uint64_t little(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | static_cast<std::uint64_t>(bytes[at + i]);
    return value;
}

inline std::uint64_t big(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | static_cast<std::uint64_t>(bytes[at + i]);
    return value;
}

inline unsigned byte_at(Bytes bytes, std::size_t at) {
    return static_cast<unsigned>(bytes[at]);
}

inline std::string_view as_text(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes as_bytes(std::string_view text) {
    return std::as_bytes(std::span(text.data(), text.size()));
}

inline bool starts_with(Bytes bytes, std::string_view prefix) {
    return as_text(bytes).starts_with(prefix);
}

inline bool is_zero(Bytes bytes) {
    return std::ranges::all_of(bytes, [](std::byte one) { return one == std::byte{0}; });
}

inline void append(std::vector<std::byte>& to, Bytes bytes) {
    to.insert(to.end(), bytes.begin(), bytes.end());
}

inline void append_big(std::vector<std::byte>& to, std::uint64_t value, std::size_t count) {
    for (std::size_t i = count; i-- > 0;) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

}  // namespace shadenet
