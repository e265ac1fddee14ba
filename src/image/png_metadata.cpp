#include "image/png_metadata.h"

#include <zlib.h>

#include "image/png_chunks.h"

namespace shadenet {

namespace {

// Inflates the streams of one file. Their content is limited in total, whether it is kept or not, so that a
// small file takes neither much memory nor much time.
class Inflater {
  public:
    // A zlib stream's content, unless it is damaged or exceeds the limit.
    std::optional<std::vector<std::byte>> inflate(Bytes stream) {
        if (left_ == 0) return std::nullopt;
        std::vector<std::byte> result;
        int status = Z_BUF_ERROR;
        for (std::size_t size = std::max<std::size_t>(4 * stream.size(), 4096);
             status == Z_BUF_ERROR && result.size() < left_; size *= 4) {
            result.resize(std::min(size, left_));
            uLongf length = result.size();
            status = uncompress(reinterpret_cast<Bytef*>(result.data()), &length,
                                reinterpret_cast<const Bytef*>(stream.data()), stream.size());
            if (status != Z_BUF_ERROR) result.resize(length);
        }
        left_ -= result.size();
        if (status != Z_OK) return std::nullopt;
        return result;
    }

  private:
    std::size_t left_ = std::size_t{1} << 26;  // more than any profile or text needs
};

// The text before the next zero of `rest`, which then begins after that zero.
std::optional<std::string> take_string(Bytes& rest) {
    const std::size_t end = as_text(rest).find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    std::string text(as_text(rest.first(end)));
    rest = rest.subspan(end + 1);
    return text;
}

std::optional<std::string> text_of(Bytes bytes, bool is_compressed, Inflater& inflater) {
    if (!is_compressed) return std::string(as_text(bytes));
    const auto content = inflater.inflate(bytes);
    if (!content) return std::nullopt;
    return std::string(as_text(*content));
}

void read_profile(Bytes data, Inflater& inflater, Metadata& metadata) {
    const auto name = take_string(data);
    if (!name || data.empty() || byte_at(data, 0) != 0 || !metadata.icc.empty()) return;
    auto profile = inflater.inflate(data.subspan(1));
    if (!profile) return;
    metadata.icc = std::move(*profile);
    metadata.icc_name = *name;
}

void read_plain_text(Bytes data, bool is_compressed, Inflater& inflater, Metadata& metadata) {
    const auto keyword = take_string(data);
    if (!keyword || keyword->empty()) return;
    if (is_compressed) {
        if (data.empty() || byte_at(data, 0) != 0) return;
        data = data.subspan(1);
    }
    auto text = text_of(data, is_compressed, inflater);
    if (text) metadata.texts.push_back({.keyword = *keyword, .text = std::move(*text)});
}

void read_international_text(Bytes data, Inflater& inflater, Metadata& metadata) {
    const auto keyword = take_string(data);
    if (!keyword || keyword->empty() || data.size() < 2) return;
    const unsigned compressed = byte_at(data, 0), method = byte_at(data, 1);
    if (compressed > 1 || method != 0) return;
    data = data.subspan(2);
    const auto language = take_string(data);
    if (!language) return;
    const auto translated = take_string(data);
    if (!translated) return;
    auto text = text_of(data, compressed == 1, inflater);
    if (!text) return;
    if (*keyword == xmp_keyword && metadata.xmp.empty()) {
        metadata.xmp = std::move(*text);
    } else {
        metadata.texts.push_back({*keyword, std::move(*text), *language, *translated, true});
    }
}

void read_density(Bytes data, Metadata& metadata) {
    if (data.size() != 9 || byte_at(data, 8) > 1 || metadata.density) return;
    const auto x = static_cast<double>(big(data, 0, 4)), y = static_cast<double>(big(data, 4, 4));
    const bool metric = byte_at(data, 8) == 1;
    if (x > 0 && y > 0) metadata.density = {metric ? Density::Unit::metre : Density::Unit::none, x, y};
}

void read_colour(const PngChunk& chunk, Metadata& metadata) {
    constexpr std::pair<std::string_view, std::size_t> sizes[] = {{"gAMA", 4}, {"cHRM", 32}, {"sRGB", 1},
                                                                  {"cICP", 4}, {"mDCV", 24}, {"cLLI", 8}};
    const std::pair found(chunk.type, chunk.data.size());
    if (std::ranges::find(sizes, found) == std::end(sizes)) return;
    auto& known = metadata.png_colour;
    if (std::ranges::find(known, chunk.type, &PngColourChunk::name) != known.end()) return;
    PngColourChunk& kept = known.emplace_back();
    std::ranges::copy(chunk.type, kept.type.begin());
    kept.data.assign(chunk.data.begin(), chunk.data.end());
}

void read_chunk(const PngChunk& chunk, Inflater& inflater, Metadata& metadata) {
    if (chunk.type == "iCCP") read_profile(chunk.data, inflater, metadata);
    if (chunk.type == "tEXt" || chunk.type == "zTXt") {
        read_plain_text(chunk.data, chunk.type == "zTXt", inflater, metadata);
    }
    if (chunk.type == "iTXt") read_international_text(chunk.data, inflater, metadata);
    if (chunk.type == "pHYs") read_density(chunk.data, metadata);
    if (chunk.type == "eXIf" && metadata.exif.empty()) {
        metadata.exif.assign(chunk.data.begin(), chunk.data.end());
    }
    read_colour(chunk, metadata);
}

}  // namespace

Metadata png_metadata(Bytes file) {
    Metadata metadata;
    Inflater inflater;
    PngChunks chunks(file);
    while (const std::optional<PngChunk> chunk = chunks.next()) {
        const bool ancillary = (static_cast<unsigned>(chunk->type.front()) & 0x20u) != 0;
        if (ancillary && chunk->is_sound()) read_chunk(*chunk, inflater, metadata);
    }
    return metadata;
}

}  // namespace shadenet
