// TIFF, compressed by Deflate without loss. EXIF's directories are laid out here, as libtiff writes only
// fields that it is given one by one.
#include <cmath>
#include <new>

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
constexpr std::uint64_t deflate_compression = 8, horizontal_differences = 2, straight_alpha = 2;
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

struct Strips {
    std::vector<std::byte> data;
    std::vector<std::uint64_t> begins, bytes;
    std::uint64_t rows = 0;  // of each but the last
};

template <class Sample>
Strips strips_of(const Picture<Sample>& colour, const FilePicture& picture, RowLayout layout,
                 bool big_endian) {
    Rows<Sample, Sample> rows(colour, picture.alpha, layout);
    Strips strips;
    strips.rows = std::max<std::size_t>(1, strip_bytes / rows.bytes());
    std::vector<std::byte> raw;
    for (std::uint32_t y = 0; y < colour.height; ++y) {
        append_row(raw, rows.row(y), rows.bytes() / sizeof(Sample), layout.channels(), big_endian);
        if ((y + 1) % strips.rows != 0 && y + 1 != colour.height) continue;
        if (strips.data.size() % 2 != 0) strips.data.push_back(std::byte{0});
        strips.begins.push_back(strips.data.size());
        append_deflated(strips.data, raw);
        strips.bytes.push_back(strips.data.size() - strips.begins.back());
        raw.clear();
    }
    return strips;
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

}  // namespace

void encode_tiff(const FileToEncode& work) {
    // EXIF's values keep their byte order, and all others have the same.
    const std::optional<Tiff> exif = Tiff::open(work.metadata.exif);
    const bool big_endian = exif && exif->is_big_endian();
    const RowLayout layout{.grey = work.picture.grey, .alpha = !work.picture.alpha.empty()};
    const auto encode = [&](const auto& colour) {
        const Strips strips = strips_of(colour, work.picture, layout, big_endian);
        const std::uint64_t bits = 8 * sizeof(colour.rgb[0]);
        DirectoryWriter directory(big_endian);
        directory.longs(tiff_tag::image_width, {colour.width});
        directory.longs(tiff_tag::image_height, {colour.height});
        directory.shorts(tiff_tag::bits, std::vector<std::uint64_t>(layout.channels(), bits));
        directory.shorts(tiff_tag::compression, {deflate_compression});
        directory.shorts(tiff_tag::photometric, {layout.grey ? 1u : 2u});
        directory.shorts(tiff_tag::orientation, {1});
        directory.shorts(tiff_tag::samples, {layout.channels()});
        directory.longs(tiff_tag::rows_per_strip, {strips.rows});
        directory.longs(tiff_tag::strip_bytes, strips.bytes);
        directory.shorts(tiff_tag::planes, {1});
        directory.shorts(tiff_tag::predictor, {horizontal_differences});
        if (layout.alpha) directory.shorts(tiff_tag::extra_samples, {straight_alpha});
        put_metadata_fields(work.metadata, directory, work.notes);
        // The strips lie behind the directory, whose size does not depend on where that is.
        TiffTree tree = directory.tree;
        const auto with_places = [&](std::uint64_t first) {
            std::vector<std::uint64_t> places = strips.begins;
            for (std::uint64_t& place : places) place += first;
            TiffTree whole = tree;
            whole.push_back(
                tiff_numbers(tiff_tag::strip_offsets, tiff_type::long_number, places, big_endian));
            return laid_out(std::move(whole), big_endian);
        };
        const std::size_t head = (with_places(0).size() + 1) / 2 * 2;
        if (head + strips.data.size() > 0xffffffffu) {
            throw InputError(fmt::format("{}: is larger than the 4 GiB that a TIFF may have; choose PNG",
                                         work.path.string()));
        }
        std::vector<std::byte> file = with_places(head);
        file.resize(head);
        work.file.write(file);
        work.file.write(strips.data);
    };
    std::visit(encode, work.picture.colour);
}

}  // namespace shadenet
