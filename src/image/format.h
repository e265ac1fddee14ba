// What a picture file says about itself, found before any of it is decoded.
#pragma once

#include <optional>

#include "image/bytes.h"
#include "image/picture_file.h"

namespace shadenet {

struct Inspection {
    FileFormat format = FileFormat::png;
    std::uint64_t width = 0, height = 0;  // as stored in the file
    bool complete = false;                // the file has all data that its header promises
    bool may_lack_only_end = false;       // a JPEG without an end marker, whose data may be complete
    bool sixteen_bit = false, grey = false, palette = false, alpha = false, cmyk = false, animated = false,
         progressive = false;
    int orientation = 1;              // from EXIF, or from the direction of a TGA's rows
    std::uint64_t decodable = ~0ull;  // the most pixels that the compressed bytes can hold
    const char* refusal = nullptr;    // why the file is not read
};

/// Recognises PNG, JPEG and BMP by their first bytes. TGA has no such bytes, so a file is taken for TGA only
/// if `may_be_tga` and its header is plausible.
std::optional<Inspection> inspect_file(Bytes bytes, bool may_be_tga);

Inspection inspect_png(Bytes bytes);
Inspection inspect_jpeg(Bytes bytes);
std::optional<Inspection> inspect_bmp(Bytes bytes);
std::optional<Inspection> inspect_tga(Bytes bytes);

}  // namespace shadenet
