#include "image/format.h"

#include "base/file_kind.h"
#include "image/packed_bmp.h"
#include "image/png_chunks.h"

namespace shadenet {

namespace {

// Whether run-length packets for `pixels` pixels lie between `at` and the end of the file.
bool holds_tga_packets(Bytes bytes, std::size_t at, std::uint64_t pixels, std::uint64_t pixel_bytes) {
    while (pixels > 0) {
        if (at >= bytes.size()) return false;
        const unsigned head = byte_at(bytes, at);
        const std::uint64_t count = (head & 0x7fu) + 1u;
        at += 1 + pixel_bytes * ((head & 0x80u) != 0 ? 1 : count);
        pixels -= std::min(pixels, count);
    }
    return at <= bytes.size();
}

}  // namespace

// BMP: a 14-byte file header, then an info header that begins with its own size (12 in the oldest kind).
std::optional<Inspection> inspect_bmp(Bytes bytes) {
    constexpr std::uint64_t header_sizes[] = {12, 40, 56, 108, 124};
    if (bytes.size() < 26) return std::nullopt;
    const std::uint64_t header_size = little(bytes, 14, 4);
    if (std::ranges::find(header_sizes, header_size) == std::end(header_sizes)) return std::nullopt;
    const bool oldest = header_size == 12;
    Inspection found(FileFormat::bmp);
    if (!oldest && bytes.size() < 34) return found;
    const std::uint64_t data = little(bytes, 10, 4);
    const BmpSize size = bmp_size(bytes);
    found.width = size.width;
    found.height = size.height;
    const std::uint64_t depth = little(bytes, oldest ? 24 : 28, 2);
    const std::uint64_t stride = (found.width * depth + 31) / 32 * 4;
    // Some writers omit the last row's padding.
    found.complete =
        found.height == 0 ||
        (is_packed_bmp(bytes)
             ? is_packed_bmp_whole(bytes)
             : data + stride * (found.height - 1) + (found.width * depth + 7) / 8 <= bytes.size());
    found.palette = depth <= 8;
    return found;
}

// TGA: an 18-byte header, an identification, a colour map, and the pixels, perhaps run-length coded.
std::optional<Inspection> inspect_tga(Bytes bytes) {
    if (bytes.size() < 18) return std::nullopt;
    const unsigned map = byte_at(bytes, 1), type = byte_at(bytes, 2);
    const unsigned kind = type & 7u, depth = byte_at(bytes, 16), map_depth = byte_at(bytes, 7);
    const bool mapped = map == 1, packed = (type & 8u) != 0;
    Inspection found(FileFormat::tga);
    found.width = static_cast<std::uint32_t>(little(bytes, 12, 2));
    found.height = static_cast<std::uint32_t>(little(bytes, 14, 2));
    const auto is_colour = [](unsigned bits) { return bits == 15 || bits == 16 || bits == 24 || bits == 32; };
    const bool plausible =
        map <= 1 && (type & 0xf0u) == 0 && found.pixels() > 0 &&
        ((kind == 1 && mapped && depth == 8 && is_colour(map_depth)) ||
         (kind == 2 && !mapped && is_colour(depth)) || (kind == 3 && !mapped && (depth == 8 || depth == 16)));
    if (!plausible) return std::nullopt;
    const std::uint64_t map_bytes = mapped ? little(bytes, 5, 2) * ((map_depth + 7u) / 8u) : 0;
    const std::size_t data = 18 + std::size_t{byte_at(bytes, 0)} + map_bytes;
    const std::uint64_t pixel_bytes = (depth + 7u) / 8u;
    found.complete = packed ? holds_tga_packets(bytes, data, found.pixels(), pixel_bytes)
                            : data + found.pixels() * pixel_bytes <= bytes.size();
    found.grey = kind == 3;
    found.palette = kind == 1;
    const unsigned descriptor = byte_at(bytes, 17);
    if ((descriptor & 0x10u) != 0) found.orientation = 2;  // rows run from right to left
    if ((descriptor & 0xc0u) != 0) found.refusal = "is a TGA with interleaved rows; save it again without";
    if (mapped && little(bytes, 3, 2) != 0) {
        found.refusal = "is a TGA whose palette does not begin at 0; save it again with a whole one";
    }
    return found;
}

std::optional<Inspection> inspect_file(const PictureBytes& file, bool may_be_tga) {
    const Bytes bytes = file.in_memory();
    if (starts_with(bytes, png_signature)) return inspect_png(bytes);
    if (starts_with(bytes, "\xff\xd8\xff")) return inspect_jpeg(bytes);
    if (starts_with(bytes, "BM")) return inspect_bmp(bytes);
    if (starts_with(bytes, "RIFF") && as_text(bytes).substr(0, 12).ends_with("WEBP"))
        return inspect_webp(bytes);
    const std::optional<FileKind> kind = kind_of(bytes);  // some cameras' raw files begin as TIFFs do
    if (kind && kind->name == tiff_kind_name) return inspect_tiff(file);
    if (may_be_tga) return inspect_tga(bytes);
    return std::nullopt;
}

}  // namespace shadenet
