// What a picture file says about itself, found before any of it is decoded.
#pragma once

#include <optional>

#include "image/picture_bytes.h"
#include "image/picture_file.h"

namespace shadenet {

/// The facts are those of the picture as it is stored, before it is turned upright.
struct Inspection : PictureFacts {
    explicit Inspection(FileFormat kind) { format = kind; }
    bool complete = false;           // the file has all data that its header promises
    bool may_lack_only_end = false;  // a JPEG without an end marker, whose data may be complete
    bool cmyk = false, animated = false;
    std::uint64_t decodable = ~0ull;  // the most pixels that the compressed bytes can hold
    const char* refusal = nullptr;    // why the file is not read
    std::uint64_t pixels() const { return std::uint64_t{width} * height; }
};

/// Recognises PNG, JPEG, BMP, TIFF and WebP by their first bytes. TGA has no such bytes, so a file is taken
/// for TGA only if `may_be_tga` and its header is plausible.
std::optional<Inspection> inspect_file(const PictureBytes& file, bool may_be_tga);

Inspection inspect_png(Bytes bytes);
Inspection inspect_jpeg(Bytes bytes);
std::optional<Inspection> inspect_bmp(Bytes bytes);
std::optional<Inspection> inspect_tga(Bytes bytes);
Inspection inspect_tiff(const PictureBytes& file);
Inspection inspect_webp(Bytes bytes);

}  // namespace shadenet
