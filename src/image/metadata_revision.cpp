#include <fmt/format.h>

#include "image/jpeg_segments.h"
#include "image/png_metadata.h"
#include "image/raw_profile.h"
#include "image/revision.h"

namespace shadenet {

namespace {

void revise_exif_or_leave_out(std::vector<std::byte>& exif, Revision& revision) {
    if (exif.empty() || revise_exif(exif, revision)) return;
    exif.clear();
    revision.note("damaged EXIF was left out");
}

// Corrects the content of a raw profile: EXIF, XMP, Photoshop's resources or IPTC, with or without the names
// that they have in a JPEG. Other content is removed.
void revise_any(std::vector<std::byte>& bytes, Revision& revision) {
    const auto name = [&] {
        for (const std::string_view known : {exif_name, xmp_name, photoshop_name}) {
            if (starts_with(bytes, known)) return known;
        }
        return std::string_view{};
    }();
    const Bytes rest = Bytes(bytes).subspan(name.size());
    std::vector<std::byte> content(rest.begin(), rest.end());
    if (starts_with(content, "II*") || starts_with(content, std::string_view("MM\0*", 4))) {
        revise_exif_or_leave_out(content, revision);
    } else if (starts_with(content, "8BIM")) {
        revise_photoshop(content, revision);
    } else if (starts_with(content, "\x1c")) {
        revise_iptc(content, revision);
    } else {
        std::string packet(as_text(content));
        if (!revise_xmp(packet, revision)) {
            packet.clear();
            revision.note("a damaged text was left out");
        }
        content.assign(as_bytes(packet).begin(), as_bytes(packet).end());
    }
    bytes.assign(as_bytes(name).begin(), as_bytes(name).end());
    if (content.empty()) bytes.clear();
    append(bytes, content);
}

// False when nothing is left of the text.
bool revise_raw_profile(TextEntry& entry, Revision& revision) {
    const std::string name = entry.keyword.substr(raw_profile_keyword.size());
    constexpr std::string_view about_pixels[] = {"exif", "xmp", "APP1", "8bim", "iptc"};
    if (std::ranges::find(about_pixels, name) == std::end(about_pixels)) return true;
    std::optional<std::vector<std::byte>> bytes = raw_profile_bytes(entry.text);
    if (!bytes) {
        revision.note("a damaged text was left out");
        return false;
    }
    const std::vector<std::byte> before = *bytes;
    revise_any(*bytes, revision);
    if (*bytes != before) entry.text = raw_profile_text(name, *bytes);
    return !bytes->empty();
}

void revise_photoshop_segments(std::vector<std::byte>& segments, Revision& revision) {
    if (!starts_with(segments, photoshop_name)) return;
    std::vector<std::byte> resources(segments.begin() + photoshop_name.size(), segments.end());
    revise_photoshop(resources, revision);
    segments.resize(resources.empty() ? 0 : photoshop_name.size());
    append(segments, resources);
}

// The right number for a text that programs copy from EXIF, e.g. "exif:Orientation". Empty for other texts.
std::string number_for(std::string_view keyword, const Revision& revision) {
    const std::size_t colon = keyword.find(':');
    const std::string_view space = keyword.substr(0, colon);
    if (colon == std::string_view::npos || (space != "exif" && space != "tiff")) return "";
    const std::string_view name = keyword.substr(colon + 1);
    const auto is = [name](std::initializer_list<std::string_view> names) {
        return std::ranges::find(names, name) != names.end();
    };
    if (is({"Orientation"})) return "1";
    if (is({"ImageWidth", "ExifImageWidth", "PixelXDimension"})) return fmt::format("{}", revision.width);
    if (is({"ImageLength", "ExifImageLength", "ExifImageHeight", "PixelYDimension"})) {
        return fmt::format("{}", revision.height);
    }
    return "";
}

// False when nothing remains of the entry.
bool revise_text(TextEntry& entry, Revision& revision) {
    if (entry.keyword.starts_with(raw_profile_keyword)) return revise_raw_profile(entry, revision);
    if (entry.keyword.starts_with("Thumb::") || entry.keyword.starts_with("exif:thumbnail:")) {
        revision.note("texts about a thumbnail were left out");
        return false;
    }
    if (entry.keyword == xmp_keyword && !revise_xmp(entry.text, revision)) {
        revision.note("damaged XMP was left out");
        return false;
    }
    const std::string number = number_for(entry.keyword, revision);
    if (!number.empty()) entry.text = number;
    return true;
}

}  // namespace

Metadata revised(const Metadata& metadata, Revision& revision) {
    Metadata result = metadata;
    if (metadata.had_thumbnail) revision.leave_out_thumbnail();
    if (metadata.had_more_pictures) revision.leave_out_pictures();
    revise_exif_or_leave_out(result.exif, revision);
    revise_xmp(result, revision);
    revise_photoshop_segments(result.iptc, revision);
    result.texts.clear();
    for (TextEntry entry : metadata.texts) {
        if (revise_text(entry, revision)) result.texts.push_back(std::move(entry));
    }
    return result;
}

}  // namespace shadenet
