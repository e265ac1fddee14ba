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

std::optional<std::vector<std::byte>> density_chunk(const Density& density) {
    const std::optional<MetricDensity> metric = metric_density(density);
    if (!metric) return std::nullopt;
    std::vector<std::byte> data;
    append_big(data, metric->x, 4);
    append_big(data, metric->y, 4);
    data.push_back(std::byte{static_cast<std::uint8_t>(density.unit == Density::Unit::none ? 0 : 1)});
    return data;
}

void append_string(std::vector<std::byte>& to, std::string_view text) {
    append(to, as_bytes(text));
    to.push_back(std::byte{0});
}

bool is_keyword(std::string_view text) {
    return !text.empty() && text.size() <= 79 && text.find('\0') == std::string_view::npos;
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

// Texts longer than this are compressed, as most writers do.
constexpr std::size_t long_text = 1024;

void append_plain(std::vector<std::byte>& to, const TextEntry& entry) {
    std::vector<std::byte> data;
    append_string(data, entry.keyword);
    const bool is_long = entry.text.size() > long_text;
    if (is_long) {
        data.push_back(std::byte{0});
        append(data, deflated(as_bytes(entry.text)));
    } else {
        append(data, as_bytes(entry.text));
    }
    append_png_chunk(to, is_long ? "zTXt" : "tEXt", data);
}

bool append_text(std::vector<std::byte>& to, TextEntry entry) {
    const auto has_zero = [](const std::string& text) { return text.find('\0') != std::string::npos; };
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
        append_png_chunk(chunks, {colour.type.data(), colour.type.size()}, colour.data);
    }
    if (!metadata.icc.empty()) append_profile_chunk(chunks, metadata);
    if (metadata.density) {
        const auto data = density_chunk(*metadata.density);
        if (data) append_png_chunk(chunks, "pHYs", *data);
        if (!data) notes.emplace_back("a resolution that a PNG cannot hold was left out");
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
