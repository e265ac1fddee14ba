// BMPs of 4 or 8 bits whose pixels are run-length coded.
#pragma once

#include "image/bytes.h"

namespace shadenet {

/// Whether this is one, as far as its header says. The bytes begin as a BMP does.
bool is_packed_bmp(Bytes bytes);

/// Whether the runs reach the end of the picture.
bool is_packed_bmp_whole(Bytes bytes);

/// The same BMP with its pixels one by one; those that no run reaches have the palette's first colour. Throws
/// std::bad_alloc.
std::vector<std::byte> unpacked_bmp(Bytes bytes);

/// Its first bytes, up to the pixels.
std::vector<std::byte> unpacked_bmp_head(Bytes bytes);

}  // namespace shadenet
