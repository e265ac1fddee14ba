// A PNG's metadata.
#pragma once

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

constexpr std::string_view xmp_keyword = "XML:com.adobe.xmp";

/// Sets the metadata of `picture`, and adds to its losses what cannot be kept: damaged chunks, and compressed
/// ones after 64 MiB of content in all. `has_alpha`: the picture, by a channel or by a list of colours.
void read_png_metadata(Bytes file, bool has_alpha, FilePicture& picture);

/// The chunks for the metadata, which belong between the header and the rest. `notes` tell what a PNG cannot
/// hold.
std::vector<std::byte> png_metadata_chunks(const Metadata& metadata, std::vector<std::string>& notes);

}  // namespace shadenet
