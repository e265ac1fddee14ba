#include "image/picture_bytes.h"

#include <array>
#include <cstring>
#include <new>
#include <utility>

#include "image/jpeg_segments.h"
#include "image/png_chunks.h"

namespace shadenet {

namespace {

constexpr std::size_t piece_bytes = std::size_t{1} << 20;
/// Files of more chunks are made only to keep programs busy, and read whole.
constexpr std::size_t most_png_chunks = std::size_t{1} << 21;

/// The place after the next marker from `at` on, searched piece by piece; 0 if there is none.
std::uint64_t after_marker_in_file(const PictureBytes& file, std::uint64_t at) {
    std::vector<std::byte> piece(piece_bytes);
    while (at + 1 < file.size()) {
        const std::size_t there = file.read(at, piece);
        const std::size_t found = after_next_marker(Bytes(piece).first(there), 0);
        if (found <= there) return at + found;
        if (there < piece.size()) break;
        at += there - 1;  // a marker may begin with the last byte
    }
    return 0;
}

}  // namespace

std::size_t PictureBytes::read(std::uint64_t at, std::span<std::byte> to) const {
    const std::uint64_t left = size() - std::min(at, size());
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, to.size()));
    if (file_) {
        file_->read(at, to.first(count));
    } else if (count > 0) {
        std::memcpy(to.data(), whole_.data() + at, count);
    }
    return count;
}

std::vector<ByteRange> places_of_png_pixels(const PictureBytes& file) {
    ByteRange pixels;
    std::size_t chunks = 0;
    std::array<std::byte, 8> head;
    for (std::uint64_t at = png_signature.size(); file.read(at, head) == head.size();) {
        if (++chunks > most_png_chunks) return {};
        const std::uint64_t next = at + 12 + big(head, 0, 4);
        const bool is_data = as_text(head).substr(4) == "IDAT";
        if (is_data && next <= file.size()) {
            if (pixels.is_empty()) pixels.begin = at + head.size();
            pixels.end = next;
        } else if (is_data || !pixels.is_empty()) {
            break;
        }
        at = next;
    }
    return pixels.is_empty() ? std::vector<ByteRange>{} : std::vector<ByteRange>{pixels};
}

std::vector<ByteRange> places_of_jpeg_pixels(const PictureBytes& file) {
    std::vector<std::byte> head(std::min<std::uint64_t>(file.size(), std::uint64_t{1} << 25));
    head.resize(file.read(0, head));
    JpegSegments segments(head);
    bool has_scan = false;
    while (!has_scan) {
        const std::optional<JpegSegment> segment = segments.next();
        if (!segment) return {};
        has_scan = segment->code == jpeg_marker::scan;
    }
    const std::uint64_t begin = segments.position(), after = after_marker_in_file(file, begin);
    std::array<std::byte, 1> code;
    if (after == 0 || file.read(after - 1, code) != 1 || byte_at(code, 0) != jpeg_marker::end) return {};
    return {{begin, after - 2}};
}

std::vector<ByteRange> places_of_pixels(const PictureBytes& file) {
    std::array<std::byte, 8> head{};
    const Bytes first = Bytes(head).first(file.read(0, head));
    if (starts_with(first, png_signature)) return places_of_png_pixels(file);
    if (starts_with(first, "\xff\xd8\xff")) return places_of_jpeg_pixels(file);
    if (starts_with(first, "II") || starts_with(first, "MM")) return places_of_tiff_pixels(file);
    return {};
}

std::optional<PictureBytes> PictureBytes::without_pixels(FilePieces file) {
    PictureBytes bytes;
    bytes.file_ = std::move(file);
    const std::uint64_t size = bytes.size();
    const std::vector<ByteRange> pixels = places_of_pixels(bytes);
    if (pixels.empty()) return std::nullopt;
    // Large blocks are zero because nobody has touched them yet, and take no memory until then.
    bytes.outline_.reset(static_cast<std::byte*>(std::calloc(size, 1)));
    if (!bytes.outline_) throw std::bad_alloc();
    const std::span<std::byte> outline(bytes.outline_.get(), size);
    std::uint64_t at = 0;
    for (const ByteRange& range : pixels) {
        bytes.file_->read(at, outline.subspan(at, range.begin - at));
        at = range.end;
    }
    bytes.file_->read(at, outline.subspan(at));
    const ByteRange first = pixels.front();
    const auto put = [&](std::uint64_t place, std::uint64_t value, std::size_t count) {
        std::vector<std::byte> number;
        append_big(number, value, count);
        std::ranges::copy(number, outline.begin() + static_cast<std::ptrdiff_t>(place));
    };
    if (starts_with(outline, png_signature)) {
        put(first.begin - 8, first.end - first.begin - 4, 4);  // without the last chunk's checksum
    } else if (starts_with(outline, "\xff\xd8\xff")) {
        put(first.begin, 0xff00 | jpeg_marker::end, 2);  // so that nobody searches the zeros for it
    }
    return bytes;
}

}  // namespace shadenet
