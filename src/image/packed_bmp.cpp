#include "image/packed_bmp.h"

namespace shadenet {

namespace {

constexpr std::size_t compression_at = 30, data_size_at = 34;

Bytes data_of_bmp(Bytes bytes) {
    return bytes.subspan(std::min<std::uint64_t>(little(bytes, 10, 4), bytes.size()));
}

// Reads pairs of bytes: a count and the byte to repeat, or 0 and a command: next row, end, a step to the
// right and down, or a number of single pixels, padded to an even number of bytes. A byte has one pixel of 8
// bits, or alternates two of 4 bits. Calls `put(x, y, index)`; true if the picture's end was reached.
template <class Put>
bool unpack(Bytes data, BmpSize size, unsigned depth, const Put& put) {
    std::uint64_t x = 0, y = 0;
    const auto add = [&](unsigned byte, std::size_t turn) {
        const unsigned index = depth == 8 ? byte : turn % 2 == 0 ? byte >> 4 : byte & 15u;
        if (x < size.width) put(x, y, index);
        ++x;
    };
    std::size_t at = 0;
    while (y < size.height && at + 2 <= data.size()) {
        const unsigned count = byte_at(data, at), what = byte_at(data, at + 1);
        at += 2;
        if (count > 0) {
            for (std::size_t i = 0; i < count; ++i) add(what, i);
        } else if (what == 0) {
            x = 0;
            ++y;
        } else if (what == 1) {
            return true;
        } else if (what == 2) {
            if (at + 2 > data.size()) return false;
            x += byte_at(data, at);
            y += byte_at(data, at + 1);
            at += 2;
        } else {
            const std::size_t bytes = depth == 8 ? what : (what + 1) / 2;
            if (at + bytes > data.size()) return false;
            for (std::size_t i = 0; i < what; ++i) add(byte_at(data, at + (depth == 8 ? i : i / 2)), i);
            at += bytes + bytes % 2;
        }
    }
    return y >= size.height || (y + 1 == size.height && x >= size.width);
}

unsigned depth_of(Bytes bytes) {
    return static_cast<unsigned>(little(bytes, 28, 2));
}

}  // namespace

// In the oldest header, of 12 bytes, sizes have two bytes. A negative height means that the rows run from top
// to bottom.
BmpSize bmp_size(Bytes bytes) {
    const bool oldest = little(bytes, 14, 4) == 12;
    const auto width = static_cast<std::uint32_t>(little(bytes, 18, oldest ? 2 : 4));
    const auto height = static_cast<std::uint32_t>(little(bytes, oldest ? 20 : 22, oldest ? 2 : 4));
    return {width, height < 0x80000000u ? height : 0u - height};
}

bool is_packed_bmp(Bytes bytes) {
    constexpr std::uint64_t rle8 = 1, rle4 = 2;
    if (!starts_with(bytes, "BM") || bytes.size() < 54 || little(bytes, 14, 4) < 40) return false;
    const std::uint64_t compression = little(bytes, compression_at, 4);
    return (compression == rle8 && depth_of(bytes) == 8) || (compression == rle4 && depth_of(bytes) == 4);
}

bool is_packed_bmp_whole(Bytes bytes) {
    const auto ignore = [](std::uint64_t, std::uint64_t, unsigned) {};
    return unpack(data_of_bmp(bytes), bmp_size(bytes), depth_of(bytes), ignore);
}

std::vector<std::byte> unpacked_bmp_head(Bytes bytes) {
    const Bytes head = bytes.first(bytes.size() - data_of_bmp(bytes).size());
    std::vector<std::byte> result(head.begin(), head.end());
    if (result.size() < data_size_at + 4) return {};
    std::fill_n(result.begin() + compression_at, 8, std::byte{0});  // 0 also leaves the data size open
    return result;
}

std::vector<std::byte> unpacked_bmp(Bytes bytes) {
    const BmpSize size = bmp_size(bytes);
    const unsigned depth = depth_of(bytes);
    std::vector<std::byte> result = unpacked_bmp_head(bytes);
    const std::uint64_t begin = result.size(), stride = (std::uint64_t{size.width} * depth + 31) / 32 * 4;
    result.resize(begin + stride * size.height);
    unpack(data_of_bmp(bytes), size, depth, [&](std::uint64_t x, std::uint64_t y, unsigned index) {
        const std::uint64_t at = begin + stride * y + (depth == 8 ? x : x / 2);
        result[at] |= static_cast<std::byte>(depth == 8 || x % 2 != 0 ? index : index << 4);
    });
    return result;
}

}  // namespace shadenet
