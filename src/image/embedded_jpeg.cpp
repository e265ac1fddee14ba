#include "image/embedded_jpeg.h"

#include <cstring>

#include "image/jpeg_segments.h"

namespace shadenet {

namespace {

// Follows segments that lie one after the other, without anything between them.
class ChainReader {
  public:
    explicit ChainReader(Bytes bytes) : bytes_(bytes) {}

    /// Whether a chain of segments leads from `at` over a frame to a scan.
    bool leads_to_scan(std::uint64_t at) {
        bool has_frame = false;
        while (at + 4 <= bytes_.size() && byte_at(bytes_, at) == 0xff && steps_left_ > 0) {
            --steps_left_;
            const unsigned code = byte_at(bytes_, at + 1);
            const std::uint64_t length = big(bytes_, at + 2, 2);
            if (code < 0xc0 || (code >= 0xd0 && code <= 0xd9) || length < 2) return false;
            if (code == jpeg_marker::scan) return has_frame;
            has_frame = has_frame || is_jpeg_frame(code);
            at += 2 + length;
        }
        return false;
    }

    bool is_exhausted() const { return steps_left_ == 0; }

  private:
    Bytes bytes_;
    std::size_t steps_left_ = 1 << 20;
};

}  // namespace

std::optional<std::vector<ByteRange>> embedded_jpegs(Bytes bytes, std::size_t most) {
    std::vector<ByteRange> found;
    ChainReader chains(bytes);
    for (std::size_t at = 1; at + 3 <= bytes.size(); ++at) {
        const void* next = std::memchr(bytes.data() + at, 0xd8, bytes.size() - at);
        if (next == nullptr) break;
        at = static_cast<std::size_t>(static_cast<const std::byte*>(next) - bytes.data());
        if (!chains.leads_to_scan(at + 1)) continue;
        // Some cameras change the very first byte, so that only their own programs find the previews.
        JpegSegments segments(bytes.subspan(at - 1));
        while (segments.next()) {
        }
        const std::size_t end = segments.has_ended() ? at - 1 + segments.position() : bytes.size();
        found.push_back({at - 1, end});
        if (found.size() > most) return std::nullopt;
        at = end;
    }
    if (chains.is_exhausted()) return std::nullopt;
    return found;
}

}  // namespace shadenet
