// The one number of EXIF that pixels depend on.
#pragma once

#include "image/bytes.h"

namespace shadenet {

/// How the picture lies, 1 to 8. 1, upright, when EXIF does not say it or cannot be understood.
int exif_orientation(Bytes exif);

/// Says 1 where the orientation stands, and changes nothing else.
void make_exif_upright(std::span<std::byte> exif);

}  // namespace shadenet
