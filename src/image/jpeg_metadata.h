// What a JPEG says beside its pixels.
#pragma once

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

/// Thumbnails in segments of their own, and multi-picture tables (MPF), are not read, only noticed: the
/// places that the tables name are no longer right.
Metadata jpeg_metadata(Bytes file);

struct JpegMarker {
    unsigned code = 0;
    std::vector<std::byte> payload;
};

/// The markers that say it, without JFIF's. What a JPEG cannot hold is told in `notes`.
std::vector<JpegMarker> jpeg_markers(const Metadata& metadata, std::vector<std::string>& notes);

/// JFIF's way to say a density: 0 a ratio, 1 per inch, 2 per centimetre. None when there is nothing to say.
struct JfifDensity {
    std::uint8_t unit = 0;
    std::uint16_t x = 1, y = 1;
};
std::optional<JfifDensity> jfif_density(const Metadata& metadata);

}  // namespace shadenet
