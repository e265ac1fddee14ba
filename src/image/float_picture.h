// Pictures of floats, where a file has only whole levels for them.
#pragma once

#include "image/picture_file.h"

namespace shadenet {

/// The picture in 16 bits or in 8: values are clamped to 0..1 and rounded to nearest, and its losses tell
/// that, and of how many pixels values were clamped. Throws WorkError "<path>: ..." when a value is not
/// finite, or memory is too small.
FilePicture in_levels(const FilePicture& picture, const std::filesystem::path& path, bool sixteen_bits);

}  // namespace shadenet
