// Pictures as JPEG in memory, for pages that contain their pictures.
#pragma once

#include <cstddef>
#include <vector>

#include "image/image.h"

namespace shadenet {

/// A plain JPEG without metadata; `quality` is 1 to 100. The picture has 1 to 65,500 pixels a side. The same
/// picture gives the same bytes. Throws WorkError, or std::bad_alloc, when the encoder fails.
std::vector<std::byte> jpeg_bytes(const Picture8& picture, int quality);

}  // namespace shadenet
