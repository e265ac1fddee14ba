// The only number in EXIF that reading needs.
#pragma once

#include "image/bytes.h"

namespace shadenet {

/// The orientation, 1 to 8; 1 (upright) when EXIF does not tell it or cannot be read.
int exif_orientation(Bytes exif);

}  // namespace shadenet
