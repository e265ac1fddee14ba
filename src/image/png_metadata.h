// What a PNG says beside its pixels.
#pragma once

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

constexpr std::string_view xmp_keyword = "XML:com.adobe.xmp";

/// Chunks that are damaged are passed over, and compressed ones after 64 MiB of content in all.
Metadata png_metadata(Bytes file);

/// The chunks that say it, which stand between the header and the rest. What a PNG cannot hold is told in
/// `notes`.
std::vector<std::byte> png_metadata_chunks(const Metadata& metadata, std::vector<std::string>& notes);

}  // namespace shadenet
