#include "image/exif.h"

#include <optional>

namespace shadenet {

namespace {

struct OrientationField {
    std::size_t at = 0;  // of its two bytes
    bool big_endian = false;
    int value = 1;
};

// EXIF is a TIFF file: the byte order, 42, and the place of a directory whose entries are 12 bytes each: tag,
// type, count, and a value.
std::optional<OrientationField> find_orientation(Bytes exif) {
    constexpr std::uint64_t orientation_tag = 0x0112, short_type = 3;
    const bool is_big = starts_with(exif, std::string_view("MM\0*", 4));
    if (!is_big && !starts_with(exif, std::string_view("II*\0", 4))) return std::nullopt;
    const auto number = [&](std::size_t at, std::size_t count) {
        return is_big ? big(exif, at, count) : little(exif, at, count);
    };
    if (exif.size() < 8) return std::nullopt;
    const std::uint64_t directory = number(4, 4);
    if (directory + 2 > exif.size()) return std::nullopt;
    const std::uint64_t entries = number(directory, 2);
    for (std::uint64_t i = 0; i < entries; ++i) {
        const std::uint64_t entry = directory + 2 + 12 * i;
        if (entry + 12 > exif.size()) return std::nullopt;
        if (number(entry, 2) != orientation_tag) continue;
        const std::uint64_t value = number(entry + 8, 2);
        const bool sound = number(entry + 2, 2) == short_type && number(entry + 4, 4) == 1;
        if (!sound || value < 1 || value > 8) return std::nullopt;
        return OrientationField{entry + 8, is_big, static_cast<int>(value)};
    }
    return std::nullopt;
}

}  // namespace

int exif_orientation(Bytes exif) {
    const std::optional<OrientationField> field = find_orientation(exif);
    return field ? field->value : 1;
}

void make_exif_upright(std::span<std::byte> exif) {
    const std::optional<OrientationField> field = find_orientation(exif);
    if (!field) return;
    exif[field->at] = std::byte{static_cast<std::uint8_t>(field->big_endian ? 0 : 1)};
    exif[field->at + 1] = std::byte{static_cast<std::uint8_t>(field->big_endian ? 1 : 0)};
}

}  // namespace shadenet
