// Directories of a TIFF that are taken out of one file and laid out in another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "image/bytes.h"

namespace shadenet {

namespace tiff_tag {
constexpr std::uint64_t image_width = 256, image_height = 257, bits = 258, compression = 259,
                        photometric = 262, strip_offsets = 273, orientation = 274, samples = 277,
                        rows_per_strip = 278, strip_bytes = 279, x_resolution = 282, y_resolution = 283,
                        planes = 284, resolution_unit = 296, predictor = 317, extra_samples = 338,
                        sample_format = 339, xmp = 700, photoshop = 34377, exif = 34665, icc = 34675,
                        gps = 34853, maker_note = 37500, interoperability = 40965;
}

/// A field, with its values in the byte order of the file. A field that refers to a directory has that
/// instead.
struct TiffField {
    std::uint64_t tag = 0, type = 0, count = 0;
    std::vector<std::byte> values;
    std::vector<TiffField> directory;
};
using TiffTree = std::vector<TiffField>;

/// What EXIF tells, of a TIFF or of EXIF's block, which has the same structure: the texts and times of the
/// first directory, its orientation, and the directories for EXIF and GPS. Damaged fields are left out. So
/// are maker notes, which count places in the file that they are in; `had_maker_note` tells that there were
/// any. Nothing of a block that does not begin as a TIFF of 32 bits does.
TiffTree exif_tree(Bytes block, bool& had_maker_note);

/// Numbers as fields of a file of this byte order, of 16 or 32 bits each.
TiffField tiff_numbers(std::uint64_t tag, std::uint64_t type, std::span<const std::uint64_t> numbers,
                       bool big_endian);

/// A TIFF's header and the directories with their values behind it. The fields are brought in the order of
/// their tags.
std::vector<std::byte> laid_out(TiffTree tree, bool big_endian);

}  // namespace shadenet
