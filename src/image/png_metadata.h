// A PNG's metadata.
#pragma once

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

constexpr std::string_view xmp_keyword = "XML:com.adobe.xmp";

/// Damaged chunks are skipped, and so are compressed chunks after 64 MiB of content in all.
Metadata png_metadata(Bytes file);

/// The chunks for the metadata, which belong between the header and the rest. `notes` tell what a PNG cannot
/// hold.
std::vector<std::byte> png_metadata_chunks(const Metadata& metadata, std::vector<std::string>& notes);

}  // namespace shadenet
