// Colours for lines that people must tell apart, on light and dark backgrounds.
#pragma once

#include <cstddef>
#include <string>

namespace shadenet {

/// "#rrggbb" for line `index` of `count`. All look equally bright, between black and white, and their hues go
/// once around the circle.
std::string line_colour(std::size_t index, std::size_t count);

}  // namespace shadenet
