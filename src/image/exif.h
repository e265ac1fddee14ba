// The one number of EXIF that reading depends on.
#pragma once

#include "image/bytes.h"

namespace shadenet {

/// How the picture lies, 1 to 8. 1, upright, when EXIF does not say it or cannot be understood.
int exif_orientation(Bytes exif);

}  // namespace shadenet
