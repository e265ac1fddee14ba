// TIFF, compressed by Deflate without loss. EXIF's directories are laid out here, as libtiff writes only
// fields that it is given one by one.
#include <bit>
#include <cmath>
#include <new>
#include <type_traits>

#include <fmt/format.h>
#include <zlib.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/jpeg_segments.h"
#include "image/samples.h"
#include "image/tiff.h"
#include "image/tiff_tree.h"

namespace shadenet {

namespace {

constexpr std::size_t strip_bytes = std::size_t{1} << 18;
constexpr std::uint64_t deflate_compression = 8, horizontal_differences = 2, float_differences = 3,
                        straight_alpha = 2, float_format = 3;
constexpr int deflate_level = 4;  // as of a PNG

/// Rows of samples, as differences from the pixel before, in the file's byte order.
template <class Sample>
void append_row(std::vector<std::byte>& to, const Sample* row, std::size_t samples, std::size_t channels,
                bool big_endian) {
    for (std::size_t i = 0; i < samples; ++i) {
        const Sample before = i < channels ? Sample{0} : row[i - channels];
        const auto value = static_cast<Sample>(row[i] - before);
        if constexpr (sizeof(Sample) == 1) {
            to.push_back(static_cast<std::byte>(value));
        } else {
            const auto low = static_cast<std::byte>(value & 0xff), high = static_cast<std::byte>(value >> 8);
            to.push_back(big_endian ? high : low);
            to.push_back(big_endian ? low : high);
        }
    }
}

/// A row of floats, as libtiff has them: the highest bytes of all, then the next, each byte as its difference
/// from that of the pixel before.
void append_float_row(std::vector<std::byte>& to, const std::vector<float>& row, std::size_t channels) {
    const std::size_t begin = to.size(), count = row.size();
    to.resize(begin + 4 * count);
    std::byte* bytes = to.data() + begin;
    for (std::size_t i = 0; i < count; ++i) {
        const auto bits = std::bit_cast<std::uint32_t>(row[i]);
        for (std::size_t b = 0; b < 4; ++b)
            bytes[b * count + i] = static_cast<std::byte>(bits >> (24 - 8 * b));
    }
    for (std::size_t i = 4 * count - 1; i >= channels; --i) {
        bytes[i] = static_cast<std::byte>(std::to_integer<unsigned>(bytes[i]) -
                                          std::to_integer<unsigned>(bytes[i - channels]));
    }
}

/// Interleaved, and grey as luma where the three differ.
void take_float_row(const Image& colour, const std::vector<float>& alpha, RowLayout layout, std::uint32_t y,
                    std::vector<float>& row) {
    row.clear();
    for (std::uint32_t x = 0; x < colour.width; ++x) {
        const float r = colour.at(0, y, x), g = colour.at(1, y, x), b = colour.at(2, y, x);
        if (layout.grey) {
            row.push_back(r == g && g == b ? r : 0.2126f * r + 0.7152f * g + 0.0722f * b);
        } else {
            row.insert(row.end(), {r, g, b});
        }
        if (layout.alpha) row.push_back(alpha[std::size_t{colour.width} * y + x]);
    }
}

void append_deflated(std::vector<std::byte>& to, Bytes from) {
    const std::size_t begin = to.size();
    uLongf size = compressBound(from.size());
    to.resize(begin + size);
    if (compress2(reinterpret_cast<Bytef*>(to.data() + begin), &size,
                  reinterpret_cast<const Bytef*>(from.data()), from.size(), deflate_level) != Z_OK) {
        throw std::bad_alloc();  // zlib's only other reason would be a buffer that is too small
    }
    to.resize(begin + size);
}

/// EXIF's values keep their byte order, and all others have the same.
bool has_big_endian_exif(const Metadata& metadata) {
    const std::optional<Tiff> exif = Tiff::open(metadata.exif);
    return exif && exif->is_big_endian();
}

/// Of a positive number: whole where it is, else in thousandths.
std::vector<std::uint64_t> fraction(double value) {
    const double most = 0xffffffffu;
    if (value == std::round(value) && value <= most) return {static_cast<std::uint64_t>(value), 1};
    return {static_cast<std::uint64_t>(std::clamp(std::round(1000 * value), 1.0, most)), 1000};
}

class DirectoryWriter {
  public:
    explicit DirectoryWriter(bool big_endian) : big_endian_(big_endian) {}

    void shorts(std::uint64_t tag, const std::vector<std::uint64_t>& values) {
        tree.push_back(tiff_numbers(tag, tiff_type::short_number, values, big_endian_));
    }
    void longs(std::uint64_t tag, const std::vector<std::uint64_t>& values) {
        tree.push_back(tiff_numbers(tag, tiff_type::long_number, values, big_endian_));
    }
    void rational(std::uint64_t tag, double value) {
        TiffField field = tiff_numbers(tag, tiff_type::long_number, fraction(value), big_endian_);
        field.type = 5;
        field.count = 1;
        tree.push_back(std::move(field));
    }
    void block(std::uint64_t tag, std::uint64_t type, Bytes bytes) {
        if (bytes.empty()) return;
        tree.push_back({tag, type, bytes.size(), {bytes.begin(), bytes.end()}, {}});
    }

    TiffTree tree;

  private:
    bool big_endian_;
};

void put_metadata_fields(const Metadata& metadata, DirectoryWriter& directory,
                         std::vector<std::string>& notes) {
    constexpr std::uint64_t byte_type = 1, undefined_type = 7;
    directory.block(tiff_tag::icc, undefined_type, metadata.icc);
    directory.block(tiff_tag::xmp, byte_type, as_bytes(metadata.xmp));
    if (starts_with(metadata.iptc, photoshop_name)) {
        directory.block(tiff_tag::photoshop, byte_type, Bytes(metadata.iptc).subspan(photoshop_name.size()));
    }
    if (metadata.density) {
        const Density& density = *metadata.density;
        const double scale = density.unit == Density::Unit::metre ? 0.01 : 1;
        directory.rational(tiff_tag::x_resolution, scale * density.x);
        directory.rational(tiff_tag::y_resolution, scale * density.y);
        const bool metric = density.unit == Density::Unit::metre || density.unit == Density::Unit::centimetre;
        directory.shorts(tiff_tag::resolution_unit, {metric                                ? 3u
                                                     : density.unit == Density::Unit::inch ? 2u
                                                                                           : 1u});
    }
    bool had_maker_note = false;
    for (TiffField& field : exif_tree(metadata.exif, had_maker_note)) {
        if (field.tag != tiff_tag::orientation) directory.tree.push_back(std::move(field));
    }
    if (had_maker_note) notes.emplace_back("maker notes were left out: they count places in their file");
}

template <class Kind>
struct sample_of {
    using type = typename decltype(Kind::rgb)::value_type;
};
template <>
struct sample_of<Image> {
    using type = float;
};

/// Rows go into strips, which lie behind the directory. That is written twice: its size is known before the
/// strips, and where they are only afterwards.
class TiffRowEncoder : public RowEncoder {
  public:
    explicit TiffRowEncoder(const FileToEncode& work)
        : work_(work),
          layout_{.grey = work.picture.grey, .alpha = work.alpha},
          big_endian_(has_big_endian_exif(work.metadata)),
          directory_(big_endian_) {
        std::visit([&](const auto& colour) { describe(colour); }, work.picture.colour);
        put_metadata_fields(work.metadata, directory_, work.notes);
        begins_.resize(strips());
        bytes_.resize(strips());
        const std::vector<std::byte> head = laid_out_head();
        work_.file.write(head);
        end_ = head.size();
    }

    void write(const RowsToWrite& part) override {
        std::visit([&](const auto& colour) { append_rows(colour, part); }, part.colour);
    }
    void finish() override { work_.file.replace_start(laid_out_head()); }

  private:
    template <class Kind>
    void describe(const Kind& colour) {
        constexpr bool floats = std::is_same_v<Kind, Image>;
        const std::uint64_t sample_bytes = sizeof(typename sample_of<Kind>::type);
        height_ = colour.height;
        rows_of_strip_ = std::max<std::uint64_t>(
            1, strip_bytes / (layout_.channels() * sample_bytes * std::uint64_t{colour.width}));
        directory_.longs(tiff_tag::image_width, {colour.width});
        directory_.longs(tiff_tag::image_height, {colour.height});
        directory_.shorts(tiff_tag::bits, std::vector<std::uint64_t>(layout_.channels(), 8 * sample_bytes));
        directory_.shorts(tiff_tag::compression, {deflate_compression});
        directory_.shorts(tiff_tag::photometric, {layout_.grey ? 1u : 2u});
        directory_.shorts(tiff_tag::orientation, {1});
        directory_.shorts(tiff_tag::samples, {layout_.channels()});
        directory_.longs(tiff_tag::rows_per_strip, {rows_of_strip_});
        directory_.shorts(tiff_tag::planes, {1});
        directory_.shorts(tiff_tag::predictor, {floats ? float_differences : horizontal_differences});
        if (floats) {
            directory_.shorts(tiff_tag::sample_format,
                              std::vector<std::uint64_t>(layout_.channels(), float_format));
        }
        if (layout_.alpha) directory_.shorts(tiff_tag::extra_samples, {straight_alpha});
    }

    std::size_t strips() const {
        return static_cast<std::size_t>((height_ + rows_of_strip_ - 1) / rows_of_strip_);
    }

    template <class Sample>
    void append_rows(const Picture<Sample>& colour, const RowsToWrite& part) {
        Rows<Sample, Sample> rows(colour, part.alpha, layout_);
        for (std::uint32_t y = part.first; y < part.first + part.count; ++y) {
            append_row(strip_, rows.row(y), rows.bytes() / sizeof(Sample), layout_.channels(), big_endian_);
            end_row();
        }
    }

    /// Floats come as a whole picture, whose alpha `work_` has.
    void append_rows(const Image& colour, const RowsToWrite& part) {
        std::vector<float> row;
        for (std::uint32_t y = part.first; y < part.first + part.count; ++y) {
            take_float_row(colour, work_.picture.float_alpha, layout_, y, row);
            append_float_row(strip_, row, layout_.channels());
            end_row();
        }
    }

    void end_row() {
        if (++rows_written_ % rows_of_strip_ == 0 || rows_written_ == height_) write_strip();
    }

    void write_strip() {
        std::vector<std::byte> coded;
        if (end_ % 2 != 0) coded.push_back(std::byte{0});
        const std::size_t padding = coded.size();
        append_deflated(coded, strip_);
        strip_.clear();
        begins_[strip_index_] = end_ + padding;
        bytes_[strip_index_++] = coded.size() - padding;
        end_ += coded.size();
        if (end_ > 0xffffffffu) {
            throw InputError(fmt::format("{}: is larger than the 4 GiB that a TIFF may have; choose PNG",
                                         work_.path.string()));
        }
        work_.file.write(coded);
    }

    /// Of an even number of bytes.
    std::vector<std::byte> laid_out_head() const {
        TiffTree tree = directory_.tree;
        tree.push_back(tiff_numbers(tiff_tag::strip_bytes, tiff_type::long_number, bytes_, big_endian_));
        tree.push_back(tiff_numbers(tiff_tag::strip_offsets, tiff_type::long_number, begins_, big_endian_));
        std::vector<std::byte> head = laid_out(std::move(tree), big_endian_);
        head.resize((head.size() + 1) / 2 * 2);
        return head;
    }

    const FileToEncode work_;
    RowLayout layout_;
    bool big_endian_;
    DirectoryWriter directory_;
    std::uint64_t height_ = 0, rows_of_strip_ = 1, rows_written_ = 0;
    std::vector<std::byte> strip_;  ///< not yet compressed
    std::size_t strip_index_ = 0;
    std::vector<std::uint64_t> begins_, bytes_;
    std::uint64_t end_ = 0;  ///< of what was written
};

}  // namespace

std::unique_ptr<RowEncoder> tiff_encoder(const FileToEncode& work) {
    return std::make_unique<TiffRowEncoder>(work);
}

}  // namespace shadenet
