#include <exception>
#include <new>

#include "image/codecs.h"
#include "image/png_chunks.h"
#include "image/png_context.h"
#include "image/png_metadata.h"
#include "image/row_decoder.h"

namespace shadenet {

namespace {

// Gives the decoder only the chunks that pixels depend on: a picture can be read even if other chunks are
// damaged or out of place.
class PixelChunks {
  public:
    explicit PixelChunks(const PictureBytes& file)
        : file_(file), chunks_(file.in_memory()), piece_{0, png_signature.size()} {}

    // The decoder is C code, and no exception may pass through it.
    bool read(void* to, std::size_t count) noexcept {
        try {
            std::span<std::byte> rest(static_cast<std::byte*>(to), count);
            while (!rest.empty()) {
                if (piece_.is_empty() && !advance()) return false;
                const std::size_t wanted = std::min<std::uint64_t>(rest.size(), piece_.end - piece_.begin);
                const std::size_t taken = file_.read(piece_.begin, rest.first(wanted));
                piece_.begin += taken;
                rest = rest.subspan(taken);
            }
            return true;
        } catch (...) {
            thrown_ = std::current_exception();
            return false;
        }
    }

    void rethrow() const {
        if (thrown_) std::rethrow_exception(thrown_);
    }

    const PngHeader& header() const { return header_; }

  private:
    bool advance() {
        while (const std::optional<PngChunk> chunk = chunks_.next()) {
            if (!is_wanted(*chunk)) continue;
            const std::uint64_t at =
                static_cast<std::uint64_t>(chunk->whole.data() - file_.in_memory().data());
            piece_ = {at, at + chunk->whole.size()};
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

    const PictureBytes& file_;
    PngChunks chunks_;
    ByteRange piece_;
    PngHeader header_;
    std::size_t palette_ = 0;
    bool has_data_ = false, has_transparency_ = false;
    std::exception_ptr thrown_;
};

int read_piece(spng_ctx*, void* user, void* to, std::size_t count) {
    return static_cast<PixelChunks*>(user)->read(to, count) ? SPNG_OK : SPNG_IO_EOF;
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

class PngRows : public RowDecoder {
  public:
    explicit PngRows(const FileToDecode& file)
        : name_(file.name), chunks_(file.file), context_(spng_ctx_new(0)) {
        if (!context_) throw std::bad_alloc();
        require(spng_set_png_stream(context_.get(), read_piece, &chunks_));
        spng_ihdr ihdr{};
        require(spng_get_ihdr(context_.get(), &ihdr));
        format_ = row_format(file.facts, header());
        row_bytes_ = format_.channels * header().width * (file.facts.sixteen_bit ? 2u : 1u);
        const int flags = SPNG_DECODE_PROGRESSIVE | (file.facts.alpha ? SPNG_DECODE_TRNS : 0);
        require(spng_decode_image(context_.get(), nullptr, 0, format_.format, flags));
    }

    const PngHeader& header() const { return chunks_.header(); }
    std::size_t channels() const override { return format_.channels; }
    void read(void* row) override {
        const int result = spng_decode_row(context_.get(), row, row_bytes_);
        if (result != SPNG_EOI) require(result);
    }
    void finish() override { require(spng_decode_chunks(context_.get())); }

    /// Where the next row of an interlaced picture belongs; none after the last.
    std::optional<spng_row_info> next_place() {
        spng_row_info row{};
        const int result = spng_get_row_info(context_.get(), &row);
        if (result == SPNG_EOI) return std::nullopt;
        require(result);
        return row;
    }

  private:
    void require(int result) const {
        if (result == SPNG_OK) return;
        chunks_.rethrow();
        if (result == SPNG_EMEM) throw std::bad_alloc();
        refuse_damaged(name_, spng_strerror(result));
    }

    const std::filesystem::path& name_;
    PixelChunks chunks_;
    PngContext context_;
    RowFormat format_;
    std::size_t row_bytes_ = 0;
};

// Which pixels of a row come in each of the seven passes of an interlaced picture.
struct Columns {
    std::uint32_t begin = 0, step = 1;
};
constexpr Columns passes[] = {{0, 8}, {4, 8}, {0, 4}, {2, 4}, {0, 2}, {1, 2}, {0, 1}};

template <class Sample>
void decode_passes(PngRows& rows, const FileToDecode& file, FilePicture& picture) {
    const PngHeader& header = rows.header();
    UprightPicture<Sample> canvas(place_upright(header.width, header.height, file.orientation),
                                  file.facts.alpha);
    std::vector<Sample> samples(rows.channels() * header.width);
    while (const std::optional<spng_row_info> place = rows.next_place()) {
        rows.read(samples.data());
        const Columns columns = passes[place->pass];
        canvas.put(place->row_num, samples.data(), header.width, rows.channels(), columns.begin,
                   columns.step);
    }
    rows.finish();
    canvas.finish(picture);
}

FilePicture about_png(const FileToDecode& file) {
    FilePicture picture{.grey = file.facts.grey, .palette = file.facts.palette, .format = FileFormat::png};
    read_png_metadata(file.bytes, file.facts.alpha, picture);
    return picture;
}

}  // namespace

OpenedPicture open_png(const FileToDecode& file) {
    return {about_png(file), std::make_unique<PngRows>(file)};
}

FilePicture decode_png(const FileToDecode& file) {
    auto rows = std::make_unique<PngRows>(file);
    FilePicture picture = about_png(file);
    if (!rows->header().is_interlaced) return decode_all_rows({std::move(picture), std::move(rows)}, file);
    if (file.facts.sixteen_bit) {
        decode_passes<std::uint16_t>(*rows, file, picture);
    } else {
        decode_passes<std::uint8_t>(*rows, file, picture);
    }
    return picture;
}

}  // namespace shadenet
