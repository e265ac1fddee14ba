// A PNG in memory, for pages that contain their pictures.
#pragma once

#include <cstddef>
#include <vector>

#include "image/image.h"

namespace shadenet {

/// Without loss or metadata: for pictures of a few pixels. The same picture gives the same bytes. Throws
/// WorkError, or std::bad_alloc, when the encoder fails.
std::vector<std::byte> png_bytes(const Picture8& picture);

}  // namespace shadenet
