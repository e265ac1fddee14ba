#include "image/png_chunks.h"

#include <zlib.h>

#include "image/format.h"
#include "image/tiff.h"

namespace shadenet {

namespace {

constexpr std::size_t frame = 12;  // length, type and checksum

std::uint64_t checksum_of(Bytes bytes) {
    return crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

bool is_known_depth(unsigned colour_type, unsigned depth) {
    const bool byte_or_two = depth == 8 || depth == 16, less = depth == 1 || depth == 2 || depth == 4;
    if (colour_type == 0) return byte_or_two || less;
    if (colour_type == 3) return depth == 8 || less;
    return byte_or_two && (colour_type == 2 || colour_type == 4 || colour_type == 6);
}

// The most pixels that `compressed` bytes can hold: deflate makes data at most 1032 times smaller. An
// interlaced picture has more rows, not fewer.
std::uint64_t most_png_pixels(std::uint64_t compressed, const PngHeader& header) {
    const std::uint64_t row = (std::uint64_t{header.width} * header.channels() * header.depth + 7) / 8 + 1;
    return compressed * 1032 / row * header.width;
}

}  // namespace

bool PngChunk::is_sound() const {
    return big(whole, whole.size() - 4, 4) == checksum_of(whole.subspan(4, whole.size() - 8));
}

std::optional<PngChunk> PngChunks::next() {
    if (has_ended_ || at_ > file_.size() || file_.size() - at_ < frame) return std::nullopt;
    const std::uint64_t length = big(file_, at_, 4);
    if (length > file_.size() - at_ - frame) return std::nullopt;
    const Bytes whole = file_.subspan(at_, frame + length);
    at_ += whole.size();
    const PngChunk chunk{as_text(whole.subspan(4, 4)), whole.subspan(8, length), whole};
    has_ended_ = chunk.type == "IEND";
    return chunk;
}

unsigned PngHeader::channels() const {
    if (is_palette()) return 1;
    return (is_grey() ? 1 : 3) + (has_alpha_channel() ? 1 : 0);
}

std::optional<PngHeader> read_png_header(const PngChunk& chunk) {
    if (chunk.type != "IHDR" || chunk.data.size() != 13 || !chunk.is_sound()) return std::nullopt;
    const std::uint64_t width = big(chunk.data, 0, 4), height = big(chunk.data, 4, 4);
    constexpr std::uint64_t most = 0x7fffffff;
    const PngHeader header{static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height),
                           byte_at(chunk.data, 8), byte_at(chunk.data, 9), byte_at(chunk.data, 12) == 1};
    const bool known = is_known_depth(header.colour_type, header.depth) && byte_at(chunk.data, 10) == 0 &&
                       byte_at(chunk.data, 11) == 0 && byte_at(chunk.data, 12) <= 1;
    if (!known || width == 0 || height == 0 || width > most || height > most) return std::nullopt;
    return header;
}

bool is_transparency(const PngChunk& chunk, const PngHeader& header, std::size_t palette) {
    if (chunk.type != "tRNS" || !chunk.is_sound()) return false;
    if (header.colour_type == 0) return chunk.data.size() == 2;
    if (header.colour_type == 2) return chunk.data.size() == 6;
    return header.is_palette() && !chunk.data.empty() && chunk.data.size() <= palette;
}

void append_png_chunk(std::vector<std::byte>& to, std::string_view type, Bytes data) {
    append_big(to, data.size(), 4);
    const std::size_t checked = to.size();
    append(to, as_bytes(type));
    append(to, data);
    append_big(to, checksum_of(Bytes(to).subspan(checked)), 4);
}

Inspection inspect_png(Bytes bytes) {
    Inspection found(FileFormat::png);
    PngChunks chunks(bytes);
    const std::optional<PngChunk> first = chunks.next();
    if (!first) return found;
    const std::optional<PngHeader> header = read_png_header(*first);
    if (!header) found.refusal = "is damaged: its header is none of a PNG; copy it again";
    if (first->type == "CgBI") {
        found.refusal =
            "is a PNG that only Apple's devices read (CgBI); make an ordinary one of it on a Mac with Xcode: "
            "xcrun -sdk iphoneos pngcrush -revert-iphone-optimizations OLD.png NEW.png";
    }
    bool in_data = false;
    std::size_t palette = 0;
    std::uint64_t compressed = 0;
    bool has_exif = false;
    while (const std::optional<PngChunk> chunk = chunks.next()) {
        if (chunk->type == "IDAT") {
            in_data = true;
            compressed += chunk->data.size();
        }
        if (chunk->type == "PLTE") palette = chunk->data.size() / 3;
        if (chunk->type == "acTL") found.animated = true;
        if (header && !in_data && is_transparency(*chunk, *header, palette)) found.alpha = true;
        if (chunk->type == "eXIf" && !has_exif && chunk->is_sound()) {
            has_exif = true;
            found.orientation = exif_orientation(chunk->data);
        }
    }
    found.complete = chunks.has_ended();
    if (!header) return found;
    found.width = header->width;
    found.height = header->height;
    found.sixteen_bit = header->depth == 16;
    found.grey = header->is_grey();
    found.palette = header->is_palette();
    found.by_rows = !header->is_interlaced && !found.palette;
    found.alpha = found.alpha || header->has_alpha_channel();
    found.decodable = most_png_pixels(compressed, *header);
    return found;
}

}  // namespace shadenet
