// EXIF made right for a result.
#pragma once

#include "image/bytes.h"
#include "image/revision.h"

namespace shadenet {

/// Makes the sizes and the orientation right, and removes thumbnails and previews with their bytes, those in
/// maker notes too. Everything else stays at its place, since maker notes count from the start. False when
/// the structure is too damaged for that; it must be left out then.
bool revise_exif(std::vector<std::byte>& exif, Revision& revision);

}  // namespace shadenet
