// Pixels of a picture on their way to a tile of folded inference and back, as shaders/include/folded_push.h
// says that they lie.
#pragma once

#include <cstdint>
#include <span>

#include "image/image.h"

namespace shadenet {

/// A tile of a picture: what is written, and how much more is read around it. Words have 32 bits.
struct FoldedWindow {
    std::uint32_t row, column;     ///< of its first pixel in the picture
    std::uint32_t rows, columns;   ///< of the picture that it writes
    std::uint32_t padded_columns;  ///< `columns` rounded up to whole strips
    std::uint32_t row_margin,
        margin;   ///< rows above and below, columns to both sides; `margin` a multiple of 4
    bool packed;  ///< 8-bit pixels, else three planes of float

    std::uint32_t row_words(std::uint32_t pixels) const { return packed ? pixels / 4 * 3 : pixels; }
    std::uint32_t pitch() const { return row_words(padded_columns + 2 * margin); }
    std::uint32_t plane() const { return pitch() * (rows + 2 * row_margin); }
    std::uint32_t result_pitch() const { return row_words(padded_columns); }
    std::uint32_t result_plane() const { return result_pitch() * rows; }
    std::uint32_t words() const { return (packed ? 1 : 3) * plane(); }
    std::uint32_t result_words() const { return (packed ? 1 : 3) * result_plane(); }
};

/// Fills `words` with what the window reads, zeros outside the picture. An Image for windows that are not
/// packed.
void gather(const Picture8& picture, const FoldedWindow& window, std::span<std::uint32_t> words);
void gather(const Image& picture, const FoldedWindow& window, std::span<std::uint32_t> words);

/// Copies what the window wrote to its place in the picture.
void scatter(std::span<const std::uint32_t> words, const FoldedWindow& window, Picture8& picture);
void scatter(std::span<const std::uint32_t> words, const FoldedWindow& window, Image& picture);

}  // namespace shadenet
