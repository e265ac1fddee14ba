// A JPEG's metadata.
#pragma once

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

/// Thumbnails in segments of their own, and multi-picture tables (MPF), are only noted, not read: the places
/// in the tables would be wrong in another file.
void read_jpeg_metadata(Bytes file, FilePicture& picture);

struct JpegMarker {
    unsigned code = 0;
    std::vector<std::byte> payload;
};

/// The markers for the metadata, without JFIF's. `notes` tell what a JPEG cannot hold.
std::vector<JpegMarker> jpeg_markers(const Metadata& metadata, std::vector<std::string>& notes);

/// A density as JFIF has it: unit 0 is a ratio, 1 per inch, 2 per centimetre.
struct JfifDensity {
    std::uint8_t unit = 0;
    std::uint16_t x = 1, y = 1;
};
std::optional<JfifDensity> jfif_density(const Metadata& metadata);

}  // namespace shadenet
