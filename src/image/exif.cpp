#include "image/exif.h"

#include "image/tiff.h"

namespace shadenet {

int exif_orientation(Bytes exif) {
    constexpr std::uint64_t orientation_tag = 0x0112;
    const std::optional<Tiff> tiff = Tiff::open(exif);
    const auto directory = tiff ? tiff->directory(tiff->first_directory()) : std::nullopt;
    for (std::uint64_t i = 0; directory && i < directory->entries; ++i) {
        const TiffEntry entry = tiff->entry(*directory, i);
        if (entry.tag != orientation_tag) continue;
        const std::uint64_t value = tiff->number(entry.at + 8, 2);
        const bool sound = entry.type == tiff_type::short_number && entry.count == 1;
        return sound && value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
    }
    return 1;
}

}  // namespace shadenet
