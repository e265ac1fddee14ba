// Colours for lines that must be told apart, on light and on dark ground.
#pragma once

#include <cstddef>
#include <string>

namespace shadenet {

/// "#rrggbb" for line `index` of `count`. All are equally bright to the eye, between black and white, and go
/// once around the hues.
std::string line_colour(std::size_t index, std::size_t count);

}  // namespace shadenet
