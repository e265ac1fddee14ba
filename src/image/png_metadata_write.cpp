#include <fmt/format.h>
#include <zlib.h>

#include "image/density.h"
#include "image/jpeg_segments.h"
#include "image/png_chunks.h"
#include "image/png_metadata.h"
#include "image/raw_profile.h"

namespace shadenet {

namespace {

std::vector<std::byte> deflated(Bytes content) {
    uLongf length = compressBound(content.size());
    std::vector<std::byte> stream(length);
    compress2(reinterpret_cast<Bytef*>(stream.data()), &length,
              reinterpret_cast<const Bytef*>(content.data()), content.size(), Z_DEFAULT_COMPRESSION);
    stream.resize(length);
    return stream;
}

// False when the density does not fit.
bool append_density(std::vector<std::byte>& to, const Density& density) {
    const std::optional<MetricDensity> metric = metric_density(density);
    if (!metric) return false;
    std::vector<std::byte> data;
    append_big(data, metric->x, 4);
    append_big(data, metric->y, 4);
    append_big(data, density.unit == Density::Unit::none ? 0 : 1, 1);
    append_png_chunk(to, "pHYs", data);
    return true;
}

void append_string(std::vector<std::byte>& to, std::string_view text) {
    append(to, as_bytes(text));
    to.push_back(std::byte{0});
}

bool has_zero(std::string_view text) {
    return text.find('\0') != std::string_view::npos;
}

bool is_keyword(std::string_view text) {
    return !text.empty() && text.size() <= 79 && !has_zero(text);
}

void append_international(std::vector<std::byte>& to, std::string_view keyword, const TextEntry& entry) {
    std::vector<std::byte> data;
    append_string(data, keyword);
    data.insert(data.end(), 2, std::byte{0});  // not compressed
    append_string(data, entry.language);
    append_string(data, entry.translated_keyword);
    append(data, as_bytes(entry.text));
    append_png_chunk(to, "iTXt", data);
}

void append_plain(std::vector<std::byte>& to, const TextEntry& entry) {
    std::vector<std::byte> data;
    append_string(data, entry.keyword);
    const bool is_long = entry.text.size() > 1024;  // most writers compress such a text
    if (is_long) {
        data.push_back(std::byte{0});
        append(data, deflated(as_bytes(entry.text)));
    } else {
        append(data, as_bytes(entry.text));
    }
    append_png_chunk(to, is_long ? "zTXt" : "tEXt", data);
}

bool append_text(std::vector<std::byte>& to, TextEntry entry) {
    // JPEG's comments may end with zeros, which PNG's texts must not have.
    while (entry.text.ends_with('\0')) entry.text.pop_back();
    if (!is_keyword(entry.keyword) || has_zero(entry.text) || has_zero(entry.language) ||
        has_zero(entry.translated_keyword)) {
        return false;
    }
    if (entry.international) {
        append_international(to, entry.keyword, entry);
    } else {
        append_plain(to, entry);
    }
    return true;
}

void append_profile_chunk(std::vector<std::byte>& to, const Metadata& metadata) {
    std::vector<std::byte> data;
    append_string(data, is_keyword(metadata.icc_name) ? metadata.icc_name : "ICC profile");
    data.push_back(std::byte{0});
    append(data, deflated(metadata.icc));
    append_png_chunk(to, "iCCP", data);
}

// PNG has no chunk for Photoshop's resources, so they become a text.
void append_photoshop_chunk(std::vector<std::byte>& to, Bytes iptc) {
    if (starts_with(iptc, photoshop_name)) iptc = iptc.subspan(photoshop_name.size());
    const std::string keyword = fmt::format("{}iptc", raw_profile_keyword);
    append_plain(to, {.keyword = keyword, .text = raw_profile_text("iptc", iptc)});
}

}  // namespace

std::vector<std::byte> png_metadata_chunks(const Metadata& metadata, std::vector<std::string>& notes) {
    std::vector<std::byte> chunks;
    for (const PngColourChunk& colour : metadata.png_colour) {
        append_png_chunk(chunks, colour.name(), colour.data);
    }
    if (!metadata.icc.empty()) append_profile_chunk(chunks, metadata);
    if (metadata.density && !append_density(chunks, *metadata.density)) {
        notes.emplace_back("a resolution that a PNG cannot hold was left out");
    }
    if (!metadata.exif.empty()) append_png_chunk(chunks, "eXIf", metadata.exif);
    if (!metadata.xmp.empty()) append_international(chunks, xmp_keyword, {.text = metadata.xmp});
    bool all_texts = true;
    for (const TextEntry& text : metadata.texts) all_texts = append_text(chunks, text) && all_texts;
    if (!all_texts) notes.emplace_back("a text that a PNG cannot hold was left out");
    if (!metadata.iptc.empty()) append_photoshop_chunk(chunks, metadata.iptc);
    if (!metadata.xmp_extensions.empty()) {
        notes.emplace_back("XMP beyond its first 64 KiB was left out: a PNG has no place for it");
    }
    return chunks;
}

}  // namespace shadenet
