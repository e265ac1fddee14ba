// Pixels of a picture on their way to a tile of folded inference and back, as shaders/include/folded_push.h
// says that they lie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "image/image.h"
#include "model/pixel_range.h"

namespace shadenet {

/// A tile of a picture: what is written, and how much more is read around it. Words have 32 bits.
struct FoldedWindow {
    std::uint32_t row, column;     ///< of its first pixel in the picture
    std::uint32_t rows, columns;   ///< of the picture that it writes
    std::uint32_t padded_columns;  ///< `columns` rounded up to whole strips
    std::uint32_t row_margin,
        margin;          ///< rows above and below, columns to both sides; `margin` a multiple of 4
    bool packed;         ///< 8-bit pixels, else three planes of float
    PixelRange range{};  ///< of the floats; 8-bit pixels are those of 0..1

    std::uint32_t row_words(std::uint32_t pixels) const { return packed ? pixels / 4 * 3 : pixels; }
    std::uint32_t pitch() const { return row_words(padded_columns + 2 * margin); }
    std::uint32_t plane() const { return pitch() * (rows + 2 * row_margin); }
    std::uint32_t result_pitch() const { return row_words(padded_columns); }
    std::uint32_t result_plane() const { return result_pitch() * rows; }
    std::uint64_t bytes() const { return std::uint64_t{packed ? 1u : 3u} * plane() * 4; }
    std::uint64_t result_bytes() const { return std::uint64_t{packed ? 1u : 3u} * result_plane() * 4; }
};

/// Fills the first window.bytes() of `tile`, where a float may lie, with what the window reads: zeros outside
/// the picture. Only 8-bit pictures have packed windows.
void gather(const Image& picture, const FoldedWindow& window, std::span<std::byte> tile);
void gather(const Picture8& picture, const FoldedWindow& window, std::span<std::byte> tile);
void gather(const Picture16& picture, const FoldedWindow& window, std::span<std::byte> tile);

/// Brings what the window wrote to its place in the picture. Throws BadResult for a float that is not finite
/// and should become an integer.
void scatter(std::span<const std::byte> tile, const FoldedWindow& window, Image& picture);
void scatter(std::span<const std::byte> tile, const FoldedWindow& window, Picture8& picture);
void scatter(std::span<const std::byte> tile, const FoldedWindow& window, Picture16& picture);

}  // namespace shadenet
