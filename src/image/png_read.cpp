#include <cstring>
#include <new>

#include "image/codecs.h"
#include "image/png_chunks.h"
#include "image/png_context.h"
#include "image/png_metadata.h"
#include "image/upright.h"

namespace shadenet {

namespace {

// Gives the decoder only the chunks that pixels depend on: a picture can be read even if other chunks are
// damaged or out of place.
class PixelChunks {
  public:
    explicit PixelChunks(Bytes file) : chunks_(file), piece_(file.first(png_signature.size())) {}

    bool read(void* to, std::size_t count) {
        auto* out = static_cast<std::byte*>(to);
        while (count > 0) {
            if (piece_.empty() && !advance()) return false;
            const std::size_t taken = std::min(count, piece_.size());
            std::memcpy(out, piece_.data(), taken);
            piece_ = piece_.subspan(taken);
            out += taken;
            count -= taken;
        }
        return true;
    }

    const PngHeader& header() const { return header_; }

  private:
    bool advance() {
        while (const std::optional<PngChunk> chunk = chunks_.next()) {
            if (!is_wanted(*chunk)) continue;
            piece_ = chunk->whole;
            return true;
        }
        return false;
    }

    bool is_wanted(const PngChunk& chunk) {
        if (chunk.type == "IHDR") {
            header_ = read_png_header(chunk).value_or(PngHeader{});
            return true;
        }
        if (chunk.type == "IDAT") has_data_ = true;
        if (chunk.type == "PLTE") {
            palette_ = chunk.data.size() / 3;
            return header_.is_palette();  // for other kinds it is only a suggestion
        }
        if (chunk.type == "tRNS") {
            const bool wanted = !has_transparency_ && !has_data_ && is_transparency(chunk, header_, palette_);
            has_transparency_ = has_transparency_ || wanted;
            return wanted;
        }
        const bool ancillary = (static_cast<unsigned>(chunk.type.front()) & 0x20u) != 0;
        return !ancillary;
    }

    PngChunks chunks_;
    Bytes piece_;
    PngHeader header_;
    std::size_t palette_ = 0;
    bool has_data_ = false, has_transparency_ = false;
};

int read_piece(spng_ctx*, void* user, void* to, std::size_t count) {
    return static_cast<PixelChunks*>(user)->read(to, count) ? SPNG_OK : SPNG_IO_EOF;
}

void require(int result, const std::filesystem::path& name) {
    if (result == SPNG_OK) return;
    if (result == SPNG_EMEM) throw std::bad_alloc();
    refuse_damaged(name, spng_strerror(result));
}

// The format that the decoder is asked for.
struct RowFormat {
    int format = SPNG_FMT_RGB8;
    std::size_t channels = 3;
};

RowFormat row_format(const PictureFacts& facts, const PngHeader& header) {
    if (!facts.sixteen_bit) return facts.alpha ? RowFormat{SPNG_FMT_RGBA8, 4} : RowFormat{};
    const bool as_is = header.colour_type == 2 && !facts.alpha;
    return as_is ? RowFormat{SPNG_FMT_PNG, 3} : RowFormat{SPNG_FMT_RGBA16, 4};
}

// Which pixels of a row come in each of the seven passes of an interlaced picture.
struct Columns {
    std::uint32_t begin = 0, step = 1;
};
constexpr Columns passes[] = {{0, 8}, {4, 8}, {0, 4}, {2, 4}, {0, 2}, {1, 2}, {0, 1}};

template <class Sample>
void decode_png_rows(spng_ctx* context, const PngHeader& header, std::size_t channels,
                     const FileToDecode& file, UprightPicture<Sample>& canvas) {
    std::vector<Sample> samples(channels * header.width);
    const std::size_t row_bytes = samples.size() * sizeof(Sample);
    for (;;) {
        spng_row_info row{};
        const int place = spng_get_row_info(context, &row);
        // Interlaced pictures of one row end here; all others end in spng_decode_row().
        if (place == SPNG_EOI) return;
        require(place, file.name);
        Sample* direct = channels == 3 && !header.is_interlaced ? canvas.row(row.row_num) : nullptr;
        const int result = spng_decode_row(context, direct != nullptr ? direct : samples.data(), row_bytes);
        if (result != SPNG_EOI) require(result, file.name);
        const Columns columns = header.is_interlaced ? passes[row.pass] : Columns{};
        if (direct == nullptr) {
            canvas.put(row.row_num, samples.data(), header.width, channels, columns.begin, columns.step);
        }
        if (result == SPNG_EOI) return;
    }
}

template <class Sample>
void decode_pixels(const FileToDecode& file, FilePicture& picture) {
    const PngContext context(spng_ctx_new(0));
    if (!context) throw std::bad_alloc();
    PixelChunks chunks(file.bytes);
    require(spng_set_png_stream(context.get(), read_piece, &chunks), file.name);
    spng_ihdr ihdr{};
    require(spng_get_ihdr(context.get(), &ihdr), file.name);
    const PngHeader header = chunks.header();
    const RowFormat rows = row_format(file.facts, header);
    const int flags = SPNG_DECODE_PROGRESSIVE | (file.facts.alpha ? SPNG_DECODE_TRNS : 0);
    require(spng_decode_image(context.get(), nullptr, 0, rows.format, flags), file.name);
    UprightPicture<Sample> canvas(place_upright(header.width, header.height, file.orientation),
                                  file.facts.alpha);
    decode_png_rows(context.get(), header, rows.channels, file, canvas);
    require(spng_decode_chunks(context.get()), file.name);
    canvas.finish(picture);
}

}  // namespace

FilePicture decode_png(const FileToDecode& file) {
    FilePicture picture{.grey = file.facts.grey, .palette = file.facts.palette, .format = FileFormat::png};
    if (file.facts.sixteen_bit) {
        decode_pixels<std::uint16_t>(file, picture);
    } else {
        decode_pixels<std::uint8_t>(file, picture);
    }
    picture.metadata = png_metadata(file.bytes);
    return picture;
}

}  // namespace shadenet
