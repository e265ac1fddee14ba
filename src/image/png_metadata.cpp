#include "image/png_metadata.h"

#include <fmt/format.h>
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

// The read_ functions are false where the chunk is damaged. Of several of a kind the first counts.

bool read_profile(Bytes data, Inflater& inflater, Metadata& metadata) {
    const auto name = take_string(data);
    if (!name || data.empty() || byte_at(data, 0) != 0) return false;
    if (!metadata.icc.empty()) return true;
    auto profile = inflater.inflate(data.subspan(1));
    if (!profile) return false;
    metadata.icc = std::move(*profile);
    metadata.icc_name = *name;
    return true;
}

bool read_plain_text(Bytes data, bool is_compressed, Inflater& inflater, Metadata& metadata) {
    const auto keyword = take_string(data);
    if (!keyword || keyword->empty()) return false;
    if (is_compressed) {
        if (data.empty() || byte_at(data, 0) != 0) return false;
        data = data.subspan(1);
    }
    auto text = text_of(data, is_compressed, inflater);
    if (!text) return false;
    metadata.texts.push_back({.keyword = *keyword, .text = std::move(*text)});
    return true;
}

bool read_international_text(Bytes data, Inflater& inflater, Metadata& metadata) {
    const auto keyword = take_string(data);
    if (!keyword || keyword->empty() || data.size() < 2) return false;
    const unsigned compressed = byte_at(data, 0), method = byte_at(data, 1);
    if (compressed > 1 || method != 0) return false;
    data = data.subspan(2);
    const auto language = take_string(data);
    if (!language) return false;
    const auto translated = take_string(data);
    if (!translated) return false;
    auto text = text_of(data, compressed == 1, inflater);
    if (!text) return false;
    if (*keyword == xmp_keyword && metadata.xmp.empty()) {
        metadata.xmp = std::move(*text);
    } else {
        metadata.texts.push_back({*keyword, std::move(*text), *language, *translated, true});
    }
    return true;
}

bool read_density(Bytes data, Metadata& metadata) {
    if (data.size() != 9 || byte_at(data, 8) > 1) return false;
    const auto x = static_cast<double>(big(data, 0, 4)), y = static_cast<double>(big(data, 4, 4));
    const bool metric = byte_at(data, 8) == 1;
    if (x == 0 || y == 0) return false;
    if (!metadata.density) metadata.density = {metric ? Density::Unit::metre : Density::Unit::none, x, y};
    return true;
}

constexpr std::pair<std::string_view, std::size_t> colour_sizes[] = {{"gAMA", 4}, {"cHRM", 32}, {"sRGB", 1},
                                                                     {"cICP", 4}, {"mDCV", 24}, {"cLLI", 8}};

bool tells_colours(std::string_view type) {
    return std::ranges::find(colour_sizes, type, [](const auto& entry) { return entry.first; }) !=
           std::end(colour_sizes);
}

bool read_colour(const PngChunk& chunk, Metadata& metadata) {
    const std::pair found(chunk.type, chunk.data.size());
    if (std::ranges::find(colour_sizes, found) == std::end(colour_sizes)) return false;
    auto& known = metadata.png_colour;
    if (std::ranges::find(known, chunk.type, &PngColourChunk::name) != known.end()) return true;
    PngColourChunk& kept = known.emplace_back();
    std::copy_n(chunk.type.begin(), kept.type.size(), kept.type.begin());
    kept.data.assign(chunk.data.begin(), chunk.data.end());
    return true;
}

bool read_exif(Bytes data, Metadata& metadata) {
    if (metadata.exif.empty()) metadata.exif.assign(data.begin(), data.end());
    return true;
}

bool is_text(std::string_view type) {
    return type == "tEXt" || type == "zTXt" || type == "iTXt";
}

// What a chunk that is kept holds, for the note that it is not; empty for the others.
std::string content_of(std::string_view type) {
    if (type == "iCCP") return "a colour profile that is damaged or too large";
    if (is_text(type)) return "a text that is damaged or too large";
    if (type == "pHYs") return "a damaged resolution";
    if (type == "eXIf") return "damaged EXIF";
    return tells_colours(type) ? fmt::format("what it says of its colours by {}, which is damaged,", type)
                               : "";
}

bool read_chunk(const PngChunk& chunk, Inflater& inflater, Metadata& metadata) {
    if (!chunk.is_sound()) return false;
    if (chunk.type == "iCCP") return read_profile(chunk.data, inflater, metadata);
    if (chunk.type == "iTXt") return read_international_text(chunk.data, inflater, metadata);
    if (is_text(chunk.type)) return read_plain_text(chunk.data, chunk.type == "zTXt", inflater, metadata);
    if (chunk.type == "pHYs") return read_density(chunk.data, metadata);
    if (chunk.type == "eXIf") return read_exif(chunk.data, metadata);
    return read_colour(chunk, metadata);
}

}  // namespace

void read_png_metadata(Bytes file, bool has_alpha, FilePicture& picture) {
    const auto lose = [&](std::string text) {
        if (std::ranges::count(picture.losses, text) == 0) picture.losses.push_back(std::move(text));
    };
    Inflater inflater;
    PngChunks chunks(file);
    while (const std::optional<PngChunk> chunk = chunks.next()) {
        const std::string content = content_of(chunk->type);
        if (!content.empty() && !read_chunk(*chunk, inflater, picture.metadata)) {
            lose(content + " was left out");
        }
        // Behind a picture without holes it was never seen.
        if (chunk->type == "bKGD" && has_alpha) lose("the colour to show behind it was left out");
        if (chunk->type == "tRNS" && !has_alpha) lose("damaged transparency was left out");
    }
}

}  // namespace shadenet
