// Pieces of GLSL that exported files consist of.
#pragma once

#include <string>

#include "model/network.h"

namespace shadenet {

/// GLSL's word for a float, in 9 digits.
std::string glsl_number(double value);

/// Lines that make of `ivec2 at`, a place maybe beyond a picture whose last place is `ivec2 last`, the one in
/// the picture that stands for it; where nothing does, they return `nothing` instead.
std::string glsl_continuation(PicturePadding padding, const char* nothing);

}  // namespace shadenet
