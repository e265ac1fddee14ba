#include "image/jpeg_metadata.h"

#include <cmath>
#include <map>

#include "base/utf8.h"
#include "image/jpeg_segments.h"
#include "image/raw_profile.h"

namespace shadenet {

namespace {

constexpr std::size_t most_payload = 65533;
constexpr std::string_view comment_keyword = "Comment";

// The parts of a profile by number; each part also tells how many parts there are.
class ProfileParts {
  public:
    void add(Bytes payload) {
        if (payload.size() < icc_segment_name.size() + 2) return;
        const Bytes rest = payload.subspan(icc_segment_name.size());
        count_ = byte_at(rest, 1);
        parts_.emplace(byte_at(rest, 0), rest.subspan(2));
    }

    bool any() const { return !parts_.empty(); }
    // Nothing when a part is missing.
    std::vector<std::byte> whole() const {
        std::vector<std::byte> profile;
        if (parts_.size() != count_ || parts_.empty() || parts_.begin()->first != 1 ||
            parts_.rbegin()->first != count_) {
            return profile;
        }
        for (const auto& [number, part] : parts_) append(profile, part);
        return profile;
    }

  private:
    std::map<unsigned, Bytes> parts_;
    std::size_t count_ = 0;
};

// Comments do not tell their character set. A comment beyond ASCII that is valid UTF-8 is taken for UTF-8.
bool is_utf8_beyond_ascii(std::string_view text) {
    const auto beyond = [](char byte) { return static_cast<unsigned char>(byte) >= 0x80; };
    return std::ranges::any_of(text, beyond) && is_utf8(text);
}

// JFIF: its name, two bytes of version, a unit, the density across and down, and the size of a thumbnail.
void read_jfif(Bytes payload, Metadata& metadata) {
    if (payload.size() >= 14 && byte_at(payload, 12) * byte_at(payload, 13) > 0)
        metadata.had_thumbnail = true;
    constexpr Density::Unit units[] = {Density::Unit::none, Density::Unit::inch, Density::Unit::centimetre};
    if (payload.size() < 12 || byte_at(payload, 7) > 2 || metadata.density) return;
    const Density density{units[byte_at(payload, 7)], static_cast<double>(big(payload, 8, 2)),
                          static_cast<double>(big(payload, 10, 2))};
    const bool says_nothing = density.unit == Density::Unit::none && density.x == density.y;
    if (density.x > 0 && density.y > 0 && !says_nothing) metadata.density = density;
}

void read_app1(Bytes payload, Metadata& metadata) {
    if (starts_with(payload, exif_name) && metadata.exif.empty()) {
        const Bytes exif = payload.subspan(exif_name.size());
        metadata.exif.assign(exif.begin(), exif.end());
    } else if (starts_with(payload, xmp_name) && metadata.xmp.empty()) {
        metadata.xmp = as_text(payload.subspan(xmp_name.size()));
    } else if (starts_with(payload, xmp_extension_name)) {
        metadata.xmp_extensions.emplace_back(payload.begin(), payload.end());
    }
}

void read_comment(Bytes payload, Metadata& metadata) {
    const std::string text(as_text(payload));
    metadata.texts.push_back(
        {.keyword = std::string(comment_keyword), .text = text, .international = is_utf8_beyond_ascii(text)});
}

JpegMarker marker(unsigned code, std::string_view name, Bytes content) {
    JpegMarker result{code, {}};
    append(result.payload, as_bytes(name));
    append(result.payload, content);
    return result;
}

void append_exif_and_xmp(std::vector<JpegMarker>& markers, const Metadata& metadata,
                         std::vector<std::string>& notes) {
    const auto add = [&](std::string_view name, Bytes content, const char* note) {
        if (content.empty()) return;
        if (name.size() + content.size() > most_payload) {
            notes.emplace_back(note);
        } else {
            markers.push_back(marker(jpeg_marker::app1, name, content));
        }
    };
    add(exif_name, metadata.exif, "EXIF was left out: a JPEG holds no more than 64 KiB");
    add(xmp_name, as_bytes(metadata.xmp), "XMP was left out: a JPEG holds no more than 64 KiB");
    for (const auto& extension : metadata.xmp_extensions) add("", extension, "a part of XMP was left out");
}

void append_profile(std::vector<JpegMarker>& markers, Bytes profile, std::vector<std::string>& notes) {
    const std::size_t most = most_payload - icc_segment_name.size() - 2;
    const std::size_t count = (profile.size() + most - 1) / most;
    if (count > 255) {
        notes.emplace_back("the colour profile was left out: a JPEG holds no more than 16 MiB");
        return;
    }
    for (std::size_t i = 0; i < count; ++i) {
        JpegMarker part = marker(jpeg_marker::app2, icc_segment_name, {});
        append_big(part.payload, i + 1, 1);
        append_big(part.payload, count, 1);
        append(part.payload, profile.subspan(i * most, std::min(most, profile.size() - i * most)));
        markers.push_back(std::move(part));
    }
}

void append_photoshop(std::vector<JpegMarker>& markers, Bytes iptc) {
    if (!starts_with(iptc, photoshop_name)) return;
    const std::size_t most = most_payload - photoshop_name.size();
    for (Bytes rest = iptc.subspan(photoshop_name.size()); !rest.empty();) {
        const std::size_t taken = std::min(most, rest.size());
        markers.push_back(marker(jpeg_marker::app13, photoshop_name, rest.first(taken)));
        rest = rest.subspan(taken);
    }
}

void append_texts(std::vector<JpegMarker>& markers, const Metadata& metadata,
                  std::vector<std::string>& notes) {
    bool all = true;
    for (const TextEntry& entry : metadata.texts) {
        const std::string start = entry.keyword == comment_keyword ? "" : entry.keyword + ": ";
        // Raw profiles are pages of hexadecimal digits, which nobody reads.
        const bool fits = start.size() + entry.text.size() <= most_payload &&
                          !entry.keyword.starts_with(raw_profile_keyword);
        if (fits) markers.push_back(marker(jpeg_marker::comment, start, as_bytes(entry.text)));
        all = all && fits;
    }
    if (!all) notes.emplace_back("a text that a JPEG cannot hold was left out");
}

}  // namespace

void read_jpeg_metadata(Bytes file, FilePicture& picture) {
    Metadata& metadata = picture.metadata;
    ProfileParts profile;
    JpegSegments segments(file);
    while (const std::optional<JpegSegment> segment = segments.next()) {
        const auto& [code, payload] = *segment;
        const auto is = [&](unsigned wanted, std::string_view name) {
            return segment->code == wanted && starts_with(segment->payload, name);
        };
        if (is(jpeg_marker::app0, {"JFIF\0", 5})) read_jfif(payload, metadata);
        if (is(jpeg_marker::app0, {"JFXX\0", 5})) metadata.had_thumbnail = true;
        if (is(jpeg_marker::app2, {"MPF\0", 4})) metadata.had_more_pictures = true;
        if (is(jpeg_marker::app2, icc_segment_name)) profile.add(payload);
        if (is(jpeg_marker::app13, photoshop_name)) {
            append(metadata.iptc, metadata.iptc.empty() ? payload : payload.subspan(photoshop_name.size()));
        }
        if (code == jpeg_marker::app1) read_app1(payload, metadata);
        if (code == jpeg_marker::comment) read_comment(payload, metadata);
        if (code == jpeg_marker::scan) break;
    }
    metadata.icc = profile.whole();
    if (profile.any() && metadata.icc.empty()) {
        picture.losses.emplace_back("a damaged colour profile was left out");
    }
}

std::vector<JpegMarker> jpeg_markers(const Metadata& metadata, std::vector<std::string>& notes) {
    std::vector<JpegMarker> markers;
    append_exif_and_xmp(markers, metadata, notes);
    append_photoshop(markers, metadata.iptc);
    append_profile(markers, metadata.icc, notes);
    append_texts(markers, metadata, notes);
    if (metadata.density && !jfif_density(metadata)) {
        notes.emplace_back("a resolution that a JPEG cannot hold was left out");
    }
    return markers;
}

std::optional<JfifDensity> jfif_density(const Metadata& metadata) {
    if (!metadata.density) return std::nullopt;
    const Density& density = *metadata.density;
    const bool per_metre = density.unit == Density::Unit::metre;
    const double scale = per_metre ? 0.0254 : 1;
    double x = density.x * scale, y = density.y * scale;
    std::uint8_t unit = 0;
    if (density.unit == Density::Unit::centimetre) unit = 2;
    if (per_metre || density.unit == Density::Unit::inch) unit = 1;
    // The numbers of a ratio may be made smaller.
    if (unit == 0) {
        const double shrink = std::max({1.0, x / 65535, y / 65535});
        x /= shrink;
        y /= shrink;
    }
    x = std::round(x);
    y = std::round(y);
    if (!(x >= 1 && x <= 65535 && y >= 1 && y <= 65535)) return std::nullopt;
    return JfifDensity{unit, static_cast<std::uint16_t>(x), static_cast<std::uint16_t>(y)};
}

}  // namespace shadenet
