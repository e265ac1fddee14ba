// Colours for lines that people must tell apart, on light and dark backgrounds.
#pragma once

#include <array>
#include <cstddef>
#include <string>

namespace shadenet {

/// Red, green and blue from 0 to 1 of a colour in Oklab, where equal lightness looks equally light in every
/// hue; the hue in turns around the circle.
std::array<double, 3> oklch(double lightness, double chroma, double turns);

/// "#rrggbb" for line `index` of `count`. All look equally bright, between black and white, and their hues go
/// once around the circle.
std::string line_colour(std::size_t index, std::size_t count);

}  // namespace shadenet
