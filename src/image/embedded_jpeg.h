// JPEGs inside other data.
#pragma once

#include <optional>

#include "image/tiff.h"

namespace shadenet {

/// The places of JPEGs in `bytes`: from their first marker to their end, or to the end of `bytes` if they are
/// cut. They are found by their markers up to the first scan, which no other data resemble. None when there
/// are more than `most`, or suspiciously many beginnings of JPEGs.
std::optional<std::vector<ByteRange>> embedded_jpegs(Bytes bytes, std::size_t most);

}  // namespace shadenet
