// What a TIFF tells beside its pixels.
#pragma once

#include "image/codecs.h"
#include "image/tiff_file.h"

namespace shadenet {

/// Sets the metadata of `picture`, and adds to its losses what cannot be kept.
void read_tiff_metadata(const TiffFile& tiff, const FileToDecode& file, FilePicture& picture);

}  // namespace shadenet
