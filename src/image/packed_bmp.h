// BMPs of 4 or 8 bits whose pixels are run-length coded.
#pragma once

#include "image/bytes.h"

namespace shadenet {

struct BmpSize {
    std::uint32_t width = 0, height = 0;
};

/// The size that any BMP's header says, whose bytes must exist.
BmpSize bmp_size(Bytes bytes);

/// Whether the bytes are such a BMP, judged by the header.
bool is_packed_bmp(Bytes bytes);

/// Whether the runs reach the end of the picture.
bool is_packed_bmp_whole(Bytes bytes);

/// The same BMP without run-length coding; pixels that no run reaches have the palette's first colour. Throws
/// std::bad_alloc.
std::vector<std::byte> unpacked_bmp(Bytes bytes);

/// The first bytes of unpacked_bmp(), up to the pixels.
std::vector<std::byte> unpacked_bmp_head(Bytes bytes);

}  // namespace shadenet
