#include "image/tiff_metadata.h"

#include <cmath>

#include "image/jpeg_segments.h"
#include "image/tiff.h"
#include "image/tiff_tree.h"

namespace shadenet {

namespace {

/// A field's bytes as they lie in the file, whatever type they have there. None of a BigTIFF.
Bytes raw_block(Bytes file, std::uint64_t tag) {
    const std::optional<Tiff> tiff = Tiff::open(file);
    const auto directory = tiff ? tiff->directory(tiff->first_directory()) : std::nullopt;
    if (!directory) return {};
    for (const TiffEntry& entry : tiff->entries(*directory)) {
        if (entry.tag == tag) return tiff->values(entry);
    }
    return {};
}

/// Photoshop's resources, as a JPEG has them: those of the file, or IPTC alone as the one resource.
std::vector<std::byte> photoshop_of(const TiffFile& tiff, Bytes file) {
    std::vector<std::byte> resources;
    const Bytes block = tiff.block_of(TIFFTAG_PHOTOSHOP), iptc = raw_block(file, TIFFTAG_RICHTIFFIPTC);
    if (block.empty() && iptc.empty()) return resources;
    append(resources, as_bytes(photoshop_name));
    append(resources, block);
    if (!block.empty()) return resources;
    append(resources, as_bytes(std::string_view("8BIM\x04\x04\0\0", 8)));
    append_big(resources, iptc.size(), 4);
    append(resources, iptc);
    return resources;
}

std::optional<Density> density_of(const TiffFile& tiff) {
    float x = 0, y = 0;
    if (TIFFGetField(tiff.get(), TIFFTAG_XRESOLUTION, &x) == 0 ||
        TIFFGetField(tiff.get(), TIFFTAG_YRESOLUTION, &y) == 0)
        return std::nullopt;
    constexpr Density::Unit units[] = {Density::Unit::none, Density::Unit::inch, Density::Unit::centimetre};
    const std::uint16_t unit = tiff.short_of(TIFFTAG_RESOLUTIONUNIT);
    if (!(x > 0 && y > 0) || unit < 1 || unit > 3 || !std::isfinite(x) || !std::isfinite(y))
        return std::nullopt;
    return Density{units[unit - 1], x, y};
}

}  // namespace

void read_tiff_metadata(const TiffFile& tiff, const FileToDecode& file, FilePicture& picture) {
    Metadata& metadata = picture.metadata;
    const Bytes icc = tiff.block_of(TIFFTAG_ICCPROFILE);
    metadata.icc.assign(icc.begin(), icc.end());
    metadata.xmp = as_text(tiff.block_of(TIFFTAG_XMLPACKET));
    metadata.iptc = photoshop_of(tiff, file.bytes);
    metadata.density = density_of(tiff);
    metadata.had_more_pictures = TIFFLastDirectory(tiff.get()) == 0;
    bool had_maker_note = false;
    if (const TiffTree tree = exif_tree(file.bytes, had_maker_note); !tree.empty()) {
        metadata.exif = laid_out(tree, Tiff::open(file.bytes)->is_big_endian());
    }
    if (had_maker_note)
        picture.losses.emplace_back("maker notes were left out: they count places in their file");
    std::uint64_t place = 0;
    const bool has_exif = TIFFGetField(tiff.get(), TIFFTAG_EXIFIFD, &place) != 0;
    if (has_exif && !Tiff::open(file.bytes)) {
        picture.losses.emplace_back("EXIF was left out: of a BigTIFF it is not read");
    }
}

}  // namespace shadenet
