// JPEG (ITU-T T.81, annex B): markers of two bytes, most of them followed by a segment that begins with its
// length, and compressed data after each start of a scan.
#pragma once

#include <optional>
#include <string_view>

#include "image/bytes.h"

namespace shadenet {

struct JpegSegment {
    unsigned code = 0;  // the marker's second byte
    Bytes payload;      // without the length
};

namespace jpeg_marker {
constexpr unsigned end = 0xd9, scan = 0xda, app0 = 0xe0, app1 = 0xe1, app2 = 0xe2, app13 = 0xed, app14 = 0xee,
                   comment = 0xfe;
}

constexpr std::string_view exif_name("Exif\0\0", 6);
constexpr std::string_view xmp_name("http://ns.adobe.com/xap/1.0/\0", 29);
constexpr std::string_view xmp_extension_name("http://ns.adobe.com/xmp/extension/\0", 35);
constexpr std::string_view icc_segment_name("ICC_PROFILE\0", 12);
constexpr std::string_view photoshop_name("Photoshop 3.0\0", 14);

/// The segments of a file one by one. Their lengths lead from one to the next, so that a thumbnail's end
/// marker inside a segment is not taken for the picture's own.
class JpegSegments {
  public:
    explicit JpegSegments(Bytes file) : file_(file) {}
    /// None after the end marker, or where the file is cut.
    std::optional<JpegSegment> next();
    bool has_ended() const { return has_ended_; }
    /// The position after the segment that was read last.
    std::size_t position() const { return at_; }

  private:
    Bytes file_;
    std::size_t at_ = 2;
    bool has_ended_ = false;
};

/// The position just after the next marker's two bytes, or beyond the end when there is none. Stuffed zeros,
/// fill bytes and restart markers, which all occur inside the compressed data, are passed over.
std::size_t after_next_marker(Bytes bytes, std::size_t at);

/// Whether a marker begins a frame, which has the picture's size and coding.
bool is_jpeg_frame(unsigned code);

/// The places of JPEGs in other data: from their first marker to their end, or to the end of `bytes` if they
/// are cut. They are found by their markers up to the first scan, which no other data resemble. None when
/// there are more than `most`, or suspiciously many beginnings of JPEGs.
std::optional<std::vector<ByteRange>> embedded_jpegs(Bytes bytes, std::size_t most);

}  // namespace shadenet
