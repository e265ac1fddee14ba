#include "image/format.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace shadenet {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::array<std::uint8_t, 8> png_signature = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

std::uint64_t little(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;) value = value << 8 | bytes[at + i];
    return value;
}

std::uint64_t big(Bytes bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
    return value;
}

bool starts_with(Bytes bytes, Bytes prefix) {
    return bytes.size() >= prefix.size() && std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

// PNG (ISO/IEC 15948): a signature, then chunks of length, type, data and checksum, from IHDR to IEND.
ImageFacts inspect_png(Bytes bytes) {
    ImageFacts facts{.format = ImageFormat::png};
    constexpr std::size_t frame = 12;  // length, type and checksum
    std::uint64_t colour_type = 2;
    bool transparent = false;
    for (std::size_t at = png_signature.size(); at + frame <= bytes.size();) {
        const std::uint64_t length = big(bytes, at, 4);
        if (length > bytes.size() - at - frame) break;
        const std::string_view type(reinterpret_cast<const char*>(&bytes[at + 4]), 4);
        if (type == "IHDR" && length >= 13) {
            facts.width = big(bytes, at + 8, 4);
            facts.height = big(bytes, at + 12, 4);
            facts.sixteen_bit = bytes[at + 16] == 16;
            colour_type = bytes[at + 17];
        }
        transparent = transparent || type == "tRNS";
        if (type == "IEND") {
            facts.complete = true;
            break;
        }
        at += frame + length;
    }
    if (facts.sixteen_bit) facts.notes.emplace_back("16-bit");
    if (colour_type == 0 || colour_type == 4) facts.notes.emplace_back("grey");
    if (colour_type == 3) facts.notes.emplace_back("palette");
    if (colour_type == 4 || colour_type == 6 || transparent) facts.notes.emplace_back("alpha (ignored)");
    return facts;
}

// The position just after the next JPEG marker's two bytes, or `size` when there is none. Stuffed zeros, fill
// bytes and restart markers, which all occur inside the compressed data, are passed over.
std::size_t after_next_jpeg_marker(Bytes bytes, std::size_t at) {
    for (; at + 1 < bytes.size(); ++at) {
        const std::uint8_t code = bytes[at + 1];
        const bool inside_data = code == 0x00 || code == 0xff || (code >= 0xd0 && code <= 0xd7);
        if (bytes[at] == 0xff && !inside_data) return at + 2;
    }
    return bytes.size() + 1;
}

bool is_jpeg_frame(std::uint8_t code) {
    return code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 && code != 0xcc;
}

// JPEG (ITU-T T.81, annex B): segments are walked by their lengths, so that a thumbnail's end marker inside
// one is not taken for the picture's own.
ImageFacts inspect_jpeg(Bytes bytes) {
    ImageFacts facts{.format = ImageFormat::jpeg};
    std::uint8_t components = 3;
    bool adobe = false;
    std::size_t at = after_next_jpeg_marker(bytes, 2);
    while (at <= bytes.size()) {
        const std::uint8_t code = bytes[at - 1];
        if (code == 0xd9) {
            facts.complete = true;
            break;
        }
        if (at + 2 > bytes.size()) break;
        const std::uint64_t length = big(bytes, at, 2);
        if (length > bytes.size() - at) break;
        if (is_jpeg_frame(code) && length >= 8) {
            facts.height = big(bytes, at + 3, 2);
            facts.width = big(bytes, at + 5, 2);
            components = bytes[at + 7];
        }
        constexpr std::array<std::uint8_t, 5> adobe_name = {'A', 'd', 'o', 'b', 'e'};
        adobe = adobe || (code == 0xee && starts_with(bytes.subspan(at + 2), adobe_name));
        at = after_next_jpeg_marker(bytes, at + length);
    }
    if (components == 1) facts.notes.emplace_back("grey");
    if (components == 4) facts.notes.emplace_back("CMYK");
    if (components == 4 && !adobe) {
        facts.refusal = "is a JPEG of four channels that does not say which; save it as RGB";
    }
    return facts;
}

// BMP: a 14-byte file header, then an info header that begins with its own size (12 in the oldest kind).
ImageFacts inspect_bmp(Bytes bytes) {
    constexpr std::array<std::uint64_t, 5> header_sizes = {12, 40, 56, 108, 124};
    if (bytes.size() < 26) return {};
    const std::uint64_t header_size = little(bytes, 14, 4);
    if (std::find(header_sizes.begin(), header_sizes.end(), header_size) == header_sizes.end()) return {};
    const bool oldest = header_size == 12;
    ImageFacts facts{.format = ImageFormat::bmp};
    if (!oldest && bytes.size() < 34) return facts;
    const std::uint64_t data = little(bytes, 10, 4);
    facts.width = little(bytes, 18, oldest ? 2 : 4);
    const std::uint64_t height = little(bytes, oldest ? 20 : 22, oldest ? 2 : 4);
    const std::uint64_t depth = little(bytes, oldest ? 24 : 28, 2);
    const std::uint64_t compression = oldest ? 0 : little(bytes, 30, 4);
    // A negative height means that the rows run from top to bottom.
    facts.height = height < 0x80000000u ? height : 0x100000000u - height;
    const std::uint64_t stride = (facts.width * depth + 31) / 32 * 4;
    // Some writers leave the last row's padding away. A compressed one is left to the decoder to refuse.
    facts.complete = facts.height == 0 || (compression != 0 && compression != 3) ||
                     data + stride * (facts.height - 1) + (facts.width * depth + 7) / 8 <= bytes.size();
    if (depth <= 8) facts.notes.emplace_back("palette");
    if (depth == 32) facts.notes.emplace_back("alpha (ignored)");
    return facts;
}

// Whether run-length packets for `pixels` pixels lie between `at` and the end of the file.
bool holds_tga_packets(Bytes bytes, std::size_t at, std::uint64_t pixels, std::uint64_t pixel_bytes) {
    while (pixels > 0) {
        if (at >= bytes.size()) return false;
        const std::uint64_t count = (bytes[at] & 0x7fu) + 1u;
        at += 1 + pixel_bytes * ((bytes[at] & 0x80u) != 0 ? 1 : count);
        pixels -= std::min(pixels, count);
    }
    return at <= bytes.size();
}

// TGA: an 18-byte header, an identification, a colour map, and the pixels, perhaps run-length coded.
ImageFacts inspect_tga(Bytes bytes) {
    if (bytes.size() < 18) return {};
    const bool mapped = bytes[1] == 1;
    const unsigned kind = bytes[2] & 7u, depth = bytes[16], map_depth = bytes[7];
    const bool packed = (bytes[2] & 8u) != 0;
    const std::uint64_t width = little(bytes, 12, 2), height = little(bytes, 14, 2);
    const auto is_colour = [](unsigned bits) { return bits == 15 || bits == 16 || bits == 24 || bits == 32; };
    const bool plausible =
        bytes[1] <= 1 && (bytes[2] & 0xf0u) == 0 && width > 0 && height > 0 &&
        ((kind == 1 && mapped && depth == 8 && is_colour(map_depth)) ||
         (kind == 2 && !mapped && is_colour(depth)) || (kind == 3 && !mapped && (depth == 8 || depth == 16)));
    if (!plausible) return {};
    ImageFacts facts{.format = ImageFormat::tga, .width = width, .height = height};
    const std::uint64_t map_bytes = mapped ? little(bytes, 5, 2) * ((map_depth + 7u) / 8u) : 0;
    const std::size_t data = 18 + std::size_t{bytes[0]} + map_bytes;
    const std::uint64_t pixel_bytes = (depth + 7u) / 8u;
    facts.complete = packed ? holds_tga_packets(bytes, data, width * height, pixel_bytes)
                            : data + width * height * pixel_bytes <= bytes.size();
    if (kind == 3) facts.notes.emplace_back("grey");
    if (kind == 1) facts.notes.emplace_back("palette");
    const unsigned alpha_depth = kind == 3 ? 16 : 32;
    if ((mapped ? map_depth : depth) == alpha_depth) facts.notes.emplace_back("alpha (ignored)");
    return facts;
}

}  // namespace

ImageFacts inspect_image(Bytes bytes, bool may_be_tga) {
    constexpr std::array<std::uint8_t, 3> jpeg_start = {0xff, 0xd8, 0xff};
    constexpr std::array<std::uint8_t, 2> bmp_start = {'B', 'M'};
    if (starts_with(bytes, png_signature)) return inspect_png(bytes);
    if (starts_with(bytes, jpeg_start)) return inspect_jpeg(bytes);
    if (starts_with(bytes, bmp_start)) return inspect_bmp(bytes);
    if (may_be_tga) return inspect_tga(bytes);
    return {};
}

}  // namespace shadenet
