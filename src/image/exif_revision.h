// Corrects EXIF for a result.
#pragma once

#include "image/bytes.h"
#include "image/revision.h"

namespace shadenet {

/// Corrects the sizes and the orientation, and removes thumbnails and previews with their bytes, also those
/// in maker notes. Everything else stays at its place, because maker notes count places from the start. False
/// when the structure is too damaged for that; then the EXIF must be left out.
bool revise_exif(std::vector<std::byte>& exif, Revision& revision);

}  // namespace shadenet
