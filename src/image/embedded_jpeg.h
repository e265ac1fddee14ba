// JPEGs inside other data.
#pragma once

#include <optional>

#include "image/tiff.h"

namespace shadenet {

/// Where JPEGs lie in `bytes`: from their first marker to their end, or to the end of `bytes` where they are
/// cut. Found by their markers up to their first scan, which nothing else looks like. None when there are
/// more than `most`, or so many beginnings of them that somebody means ill.
std::optional<std::vector<ByteRange>> embedded_jpegs(Bytes bytes, std::size_t most);

}  // namespace shadenet
