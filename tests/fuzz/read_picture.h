// What the targets of picture files share: any bytes as a picture file, under a name that allows every
// format, and its metadata as a result gets them.
#pragma once

#include <cstdlib>
#include <span>
#include <string>
#include <vector>

#include "fuzz/fuzz.h"
#include "image/picture_file.h"
#include "image/revision.h"
#include "image/tiff.h"

namespace shadenet::fuzz {

/// A header alone may promise gigabytes, which is no finding.
constexpr std::uint64_t most_pixels = 1 << 22;

/// Whatever the file says, its result says that it lies upright.
inline void expect_right(const FilePicture& picture) {
    const int orientation = exif_orientation(picture.metadata.exif);
    Revision revision{.width = 70000, .height = 3, .orientation = orientation, .notes = {}};
    const Metadata metadata = revised(picture.metadata, revision);
    if (exif_orientation(metadata.exif) != 1) std::abort();
    if (metadata.exif.size() > picture.metadata.exif.size()) std::abort();
    for (const std::string& note : revision.notes) expect_one_line(note);
}

inline void read_picture(const std::uint8_t* data, std::size_t size) {
    const auto bytes = std::as_bytes(std::span(data, size));
    read_or_refuse([&] {
        PictureReader reader({bytes.begin(), bytes.end()}, "x.tga");
        const PictureFacts& facts = reader.facts();
        if (std::uint64_t{facts.width} * facts.height > most_pixels) return;
        for (const std::string& note : facts.notes) expect_one_line(note);
        expect_right(reader.decode());
    });
}

}  // namespace shadenet::fuzz
