// A result's metadata: what its source had, as far as it is still true.
#pragma once

#include "image/picture_file.h"
#include "image/revision.h"

namespace shadenet {

/// Whatever repeats or describes pixels, in EXIF, in XMP, among Photoshop's resources and in texts, is made
/// right or left out.
Metadata revised(const Metadata& metadata, Revision& revision);

}  // namespace shadenet
