// Pictures of at most 256 colours.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "image/image.h"

namespace shadenet {

struct PalettePicture {
    std::vector<std::array<std::uint8_t, 4>> colours;  // red, green, blue, alpha; opaque ones last
    std::vector<std::uint8_t> indices;                 // (height, width)
    std::size_t colours_before = 0;                    // number of colours in the picture
};

/// The picture unchanged, if it has at most 256 colours. `alpha` may be empty.
std::optional<PalettePicture> exact_palette(const Picture8& picture, const std::vector<std::uint16_t>& alpha);

/// Reduces the picture to 256 colours by median cut; every pixel gets the nearest colour, without dithering.
/// Alpha stays as it is.
PalettePicture reduced_palette(const Picture8& picture, const std::vector<std::uint16_t>& alpha);

}  // namespace shadenet
