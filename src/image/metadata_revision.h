// A result's metadata: those of its source, as far as they are still true.
#pragma once

#include "image/picture_file.h"
#include "image/revision.h"

namespace shadenet {

/// Everything that repeats or describes pixels, in EXIF, in XMP, among Photoshop's resources and in texts, is
/// corrected or left out.
Metadata revised(const Metadata& metadata, Revision& revision);

}  // namespace shadenet
