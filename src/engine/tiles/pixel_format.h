// How the pixels of a picture lie in memory: shaders/include/pixels.glsl.
#pragma once

#include <cstdint>
#include <type_traits>

#include "image/image.h"

namespace shadenet {

/// `planes`: three planes of float; the others: a pixel's colours together, each row from the beginning of a
/// word of 32 bits. The numbers are FORMAT of the shaders.
enum class PixelFormat : std::uint32_t { planes, bits8, bits16 };

/// The format of an Image, a Picture8 or a Picture16.
template <class Kind>
constexpr PixelFormat format_of = std::is_same_v<Kind, Picture8>    ? PixelFormat::bits8
                                  : std::is_same_v<Kind, Picture16> ? PixelFormat::bits16
                                                                    : PixelFormat::planes;

/// Pixels that a row's words are rounded up to: a thread that takes so many shares no word with others.
inline constexpr std::uint32_t pixels_together = 4;

/// Words of a row of one plane, or of a row of integers.
constexpr std::uint32_t row_words(PixelFormat format, std::uint32_t pixels) {
    if (format == PixelFormat::planes) return pixels;
    const std::uint32_t words = (pixels + pixels_together - 1) / pixels_together * 3;
    return format == PixelFormat::bits16 ? 2 * words : words;
}

/// The largest level, white.
constexpr std::uint32_t white_level(PixelFormat format) {
    return format == PixelFormat::bits16 ? 65535 : 255;
}

}  // namespace shadenet
