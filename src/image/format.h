// What a picture file says about itself, found before any of it is decoded.
#pragma once

#include <optional>

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

struct Inspection {
    FileFormat format = FileFormat::png;
    std::uint64_t width = 0, height = 0;  // as they lie in the file
    bool complete = false;                // nothing the header promises is missing at the end
    bool may_lack_only_end = false;       // a JPEG without an end marker, whose data may all be there
    bool sixteen_bit = false, grey = false, palette = false, alpha = false, cmyk = false, animated = false,
         progressive = false;
    int orientation = 1;              // EXIF's, or how a TGA's rows run
    std::uint64_t decodable = ~0ull;  // how many pixels its compressed bytes can make at most
    const char* refusal = nullptr;    // why it is not read
};

/// Recognises PNG, JPEG and BMP by their first bytes. TGA has none that tell, so it is looked for only when
/// `may_be_tga`, and taken only with a plausible header.
std::optional<Inspection> inspect_file(Bytes bytes, bool may_be_tga);

Inspection inspect_png(Bytes bytes);
Inspection inspect_jpeg(Bytes bytes);
std::optional<Inspection> inspect_bmp(Bytes bytes);
std::optional<Inspection> inspect_tga(Bytes bytes);

}  // namespace shadenet
