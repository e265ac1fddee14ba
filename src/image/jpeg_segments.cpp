#include "image/jpeg_segments.h"

#include <cstring>
#include <set>

#include "image/format.h"
#include "image/tiff.h"

namespace shadenet {

namespace {

// Adds the components' names. In a frame they follow the size, each with two more bytes; in a scan each has
// one more byte.
void add_components(Bytes payload, bool is_scan, std::set<unsigned>& to) {
    const std::size_t begin = is_scan ? 0 : 5, each = is_scan ? 2 : 3;
    if (payload.size() <= begin) return;
    const std::size_t count = byte_at(payload, begin);
    for (std::size_t i = 0; i < count && begin + 1 + each * i < payload.size(); ++i) {
        to.insert(byte_at(payload, begin + 1 + each * i));
    }
}

}  // namespace

std::size_t after_next_marker(Bytes bytes, std::size_t at) {
    while (at + 1 < bytes.size()) {
        const void* found = std::memchr(bytes.data() + at, 0xff, bytes.size() - 1 - at);
        if (found == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::byte*>(found) - bytes.data());
        const unsigned code = byte_at(bytes, at + 1);
        const bool inside_data = code == 0x00 || code == 0xff || (code >= 0xd0 && code <= 0xd7);
        if (!inside_data) return at + 2;
        ++at;
    }
    return bytes.size() + 1;
}

bool is_jpeg_frame(unsigned code) {
    return code >= 0xc0 && code <= 0xcf && code != 0xc4 && code != 0xc8 && code != 0xcc;
}

std::optional<JpegSegment> JpegSegments::next() {
    if (has_ended_) return std::nullopt;
    const std::size_t at = after_next_marker(file_, at_);
    if (at > file_.size()) return std::nullopt;
    const unsigned code = byte_at(file_, at - 1);
    has_ended_ = code == jpeg_marker::end;
    if (has_ended_) {
        at_ = at;
        return JpegSegment{code, {}};
    }
    if (at + 2 > file_.size()) return std::nullopt;
    const std::uint64_t length = big(file_, at, 2);
    if (length < 2 || length > file_.size() - at) return std::nullopt;
    at_ = at + length;
    return JpegSegment{code, file_.subspan(at + 2, length - 2)};
}

Inspection inspect_jpeg(Bytes bytes) {
    Inspection found(FileFormat::jpeg);
    unsigned components = 3, frame_code = 0xc0;
    bool adobe = false, has_exif = false, in_data = false;
    std::set<unsigned> of_frame, of_scans;
    std::size_t scans = 0;
    JpegSegments segments(bytes);
    while (const std::optional<JpegSegment> segment = segments.next()) {
        const auto& [code, payload] = *segment;
        if (is_jpeg_frame(code) && payload.size() >= 6) {
            found.height = static_cast<std::uint32_t>(big(payload, 1, 2));
            found.width = static_cast<std::uint32_t>(big(payload, 3, 2));
            components = byte_at(payload, 5);
            frame_code = code;
            add_components(payload, false, of_frame);
        }
        adobe = adobe || (code == jpeg_marker::app14 && starts_with(payload, "Adobe"));
        if (code == jpeg_marker::app1 && starts_with(payload, exif_name) && !has_exif && !in_data) {
            has_exif = true;
            found.orientation = exif_orientation(payload.subspan(exif_name.size()));
        }
        in_data = in_data || code == jpeg_marker::scan;
        if (code != jpeg_marker::scan) continue;
        add_components(payload, true, of_scans);
        ++scans;
    }
    found.complete = segments.has_ended();
    // An arithmetic decoder reads missing data as zeros, without noticing.
    const bool is_arithmetic = frame_code >= 0xc9;
    found.may_lack_only_end = !found.complete && !is_arithmetic && in_data && of_scans == of_frame;
    // In Huffman coding a block takes at least one bit. The fewest blocks, 8 for 1024 pixels, are in two
    // components, sampled 4:1 across and 4:1 down. In arithmetic coding a block may take a fraction of a bit.
    found.decodable = bytes.size() * std::uint64_t{1024} * (is_arithmetic ? 64 : 1);
    // Scans of progressive frames refine the picture step by step: SOF2, SOF6, SOF10 and SOF14.
    found.progressive = (frame_code & 3u) == 2;
    const bool sequential = frame_code == 0xc0 || frame_code == 0xc1;
    found.by_rows = found.complete && sequential && scans == 1 && of_scans == of_frame;
    found.grey = components == 1;
    found.cmyk = components == 4;
    if (found.cmyk && !adobe) {
        found.refusal = "is a JPEG of four channels that does not say which; save it as RGB";
    }
    return found;
}

}  // namespace shadenet
