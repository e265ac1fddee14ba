#include "engine/folded_pixels.h"

#include <algorithm>
#include <cstring>

namespace shadenet {

namespace {

/// One row of one plane: `from` is the picture's, with `value_bytes` a column, or null outside of it.
void gather_row(const std::byte* from, std::size_t value_bytes, std::uint32_t width,
                const FoldedWindow& window, std::span<std::byte> to) {
    if (from == nullptr) {
        std::fill(to.begin(), to.end(), std::byte{0});
        return;
    }
    const std::uint32_t left = std::min(window.margin, window.column), first = window.column - left;
    const std::uint32_t last = std::min(width, window.column + window.padded_columns + window.margin);
    const std::size_t before = (window.margin - left) * value_bytes, size = (last - first) * value_bytes;
    std::memset(to.data(), 0, before);
    std::memcpy(to.data() + before, from + first * value_bytes, size);
    std::memset(to.data() + before + size, 0, to.size() - before - size);
}

/// All rows of one plane of `width` × `height` values.
void gather_plane(const void* plane, std::size_t value_bytes, std::uint32_t width, std::uint32_t height,
                  const FoldedWindow& window, std::span<std::uint32_t> words) {
    for (std::uint32_t i = 0; i < window.rows + 2 * window.row_margin; ++i) {
        // Above the picture the difference wraps around to a large number, which is outside too.
        const std::uint32_t row = window.row + i - window.row_margin;
        const std::size_t offset = std::size_t{row} * width * value_bytes;
        const auto* from = row < height ? static_cast<const std::byte*>(plane) + offset : nullptr;
        gather_row(from, value_bytes, width, window,
                   std::as_writable_bytes(words.subspan(std::size_t{i} * window.pitch(), window.pitch())));
    }
}

void scatter_plane(std::span<const std::uint32_t> words, const FoldedWindow& window, std::size_t value_bytes,
                   std::uint32_t width, void* plane) {
    for (std::uint32_t i = 0; i < window.rows; ++i) {
        const std::size_t offset = (std::size_t{window.row + i} * width + window.column) * value_bytes;
        std::memcpy(static_cast<std::byte*>(plane) + offset, &words[std::size_t{i} * window.result_pitch()],
                    window.columns * value_bytes);
    }
}

}  // namespace

void gather(const Picture8& picture, const FoldedWindow& window, std::span<std::uint32_t> words) {
    gather_plane(picture.rgb.data(), 3, picture.width, picture.height, window, words);
}

void gather(const Image& picture, const FoldedWindow& window, std::span<std::uint32_t> words) {
    for (std::size_t c = 0; c < 3; ++c) {
        gather_plane(&picture.values[c * picture.plane()], sizeof(float), picture.width, picture.height,
                     window, words.subspan(c * window.plane()));
    }
}

void scatter(std::span<const std::uint32_t> words, const FoldedWindow& window, Picture8& picture) {
    scatter_plane(words, window, 3, picture.width, picture.rgb.data());
}

void scatter(std::span<const std::uint32_t> words, const FoldedWindow& window, Image& picture) {
    for (std::size_t c = 0; c < 3; ++c) {
        scatter_plane(words.subspan(c * window.result_plane()), window, sizeof(float), picture.width,
                      &picture.values[c * picture.plane()]);
    }
}

}  // namespace shadenet
