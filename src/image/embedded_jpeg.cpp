#include <cstring>

#include "image/jpeg_segments.h"

namespace shadenet {

namespace {

// Whether a chain of segments, which lie one after the other without anything between them, leads from `at`
// over a frame to a scan.
bool leads_to_scan(Bytes bytes, std::uint64_t at, std::size_t& steps_left) {
    bool has_frame = false;
    while (at + 4 <= bytes.size() && byte_at(bytes, at) == 0xff && steps_left > 0) {
        --steps_left;
        const unsigned code = byte_at(bytes, at + 1);
        const std::uint64_t length = big(bytes, at + 2, 2);
        if (code < 0xc0 || (code >= 0xd0 && code <= 0xd9) || length < 2) return false;
        if (code == jpeg_marker::scan) return has_frame;
        has_frame = has_frame || is_jpeg_frame(code);
        at += 2 + length;
    }
    return false;
}

}  // namespace

std::optional<std::vector<ByteRange>> embedded_jpegs(Bytes bytes, std::size_t most) {
    std::vector<ByteRange> found;
    std::size_t steps_left = 1 << 20;
    for (std::size_t at = 1; at + 3 <= bytes.size(); ++at) {
        const void* next = std::memchr(bytes.data() + at, 0xd8, bytes.size() - at);
        if (next == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::byte*>(next) - bytes.data());
        if (!leads_to_scan(bytes, at + 1, steps_left)) continue;
        // Some cameras change the very first byte, so that only their own programs find the previews.
        JpegSegments segments(bytes.subspan(at - 1));
        while (segments.next()) {
        }
        const std::size_t end = segments.has_ended() ? at - 1 + segments.position() : bytes.size();
        found.push_back({at - 1, end});
        if (found.size() > most) return std::nullopt;
        at = end;
    }
    if (steps_left == 0) return std::nullopt;
    return found;
}

}  // namespace shadenet
