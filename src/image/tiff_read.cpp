// TIFF: the first picture of a file. Samples of 8 and 16 bits and floats that are grey or RGB are read as
// they are; everything else that libtiff knows becomes 8-bit RGB by its own conversion.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/format.h"
#include "image/jpeg_segments.h"
#include "image/row_decoder.h"
#include "image/tiff.h"
#include "image/tiff_file.h"
#include "image/tiff_tree.h"

namespace shadenet {

namespace {

constexpr std::uint16_t most_samples = 64;  ///< of a pixel

/// Some programs leave it out; then it is what most pictures of so many samples are.
std::uint16_t photometric_of(const TiffFile& file) {
    std::uint16_t value = 0;
    if (TIFFGetField(file.get(), TIFFTAG_PHOTOMETRIC, &value) != 0) return value;
    return file.short_of(TIFFTAG_SAMPLESPERPIXEL) >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
}

/// How the picture is stored.
struct TiffForm {
    explicit TiffForm(const TiffFile& file)
        : width(file.long_of(TIFFTAG_IMAGEWIDTH)),
          height(file.long_of(TIFFTAG_IMAGELENGTH)),
          bits(file.short_of(TIFFTAG_BITSPERSAMPLE)),
          samples(file.short_of(TIFFTAG_SAMPLESPERPIXEL)),
          kind(file.short_of(TIFFTAG_SAMPLEFORMAT)),
          photometric(photometric_of(file)),
          compression(file.short_of(TIFFTAG_COMPRESSION)),
          separate(file.short_of(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE),
          tiled(TIFFIsTiled(file.get()) != 0) {
        std::uint16_t count = 0;
        const std::uint16_t* kinds = nullptr;
        TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
        if (count > 0 && kinds != nullptr) extra = kinds[0];
    }

    bool is_grey() const {
        return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    }
    /// libjpeg, behind libtiff, makes RGB of it.
    bool is_jpeg_colour() const {
        return photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG && bits == 8 && !separate;
    }
    std::uint32_t colours() const { return is_grey() ? 1 : 3; }
    /// Those that make the colour, palettes included.
    std::uint32_t channels() const {
        if (photometric == PHOTOMETRIC_SEPARATED) return 4;
        return is_grey() || photometric == PHOTOMETRIC_PALETTE || photometric == PHOTOMETRIC_LOGL ? 1 : 3;
    }
    bool has_alpha() const {
        return (is_direct() || is_float()) && samples > colours() &&
               (extra == EXTRASAMPLE_ASSOCALPHA || extra == EXTRASAMPLE_UNASSALPHA);
    }
    /// Whether its samples are taken as they are.
    bool is_direct() const {
        const bool colour = photometric == PHOTOMETRIC_RGB || is_jpeg_colour();
        return (bits == 8 || bits == 16) && (is_grey() || colour) && samples >= colours();
    }

    /// Taken as they are, too.
    bool is_float() const {
        const bool known = photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_MINISBLACK;
        return bits == 32 && kind == SAMPLEFORMAT_IEEEFP && known && samples >= colours();
    }

    std::uint32_t width, height;
    std::uint16_t bits, samples, kind, photometric, compression;
    bool separate, tiled;
    std::uint16_t extra = EXTRASAMPLE_UNSPECIFIED;
};

/// While it is inspected: a list of strips may be long, but a file of a few bytes is not to take gigabytes.
std::uint64_t most_for_inspection(const PictureBytes& file) {
    return (std::uint64_t{1} << 26) + 4 * file.size();
}

/// Of a picture that was inspected.
constexpr std::uint64_t most_for_decoding = std::uint64_t{1} << 33;

/// The most pixels that so many bytes can stand for. Faxes have whole rows in a bit; all else makes at most
/// 2^13 bytes of one.
std::uint64_t most_pixels(const TiffForm& form, std::uint64_t file_bytes) {
    const bool fax =
        (form.compression >= COMPRESSION_CCITTRLE && form.compression <= COMPRESSION_CCITTFAX4) ||
        form.compression == COMPRESSION_CCITTRLEW;
    if (fax) return file_bytes << 20;
    const std::uint64_t bits = std::max(1u, std::uint32_t{form.samples} * form.bits);
    return (file_bytes << 13) * 8 / bits;
}

/// The most bytes of the strips or tiles of some rows that are kept at once for a picture that is read by
/// rows.
constexpr std::uint64_t most_of_rows = std::uint64_t{1} << 27;

/// Of a picture's samples, in a row of strips or tiles.
std::uint64_t bytes_of_rows(const TiffFile& file, const TiffForm& form) {
    const std::uint64_t rows = file.long_of(form.tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
    return std::min<std::uint64_t>(rows, form.height) * form.width * form.samples * ((form.bits + 7u) / 8u);
}

/// Whether every strip or tile lies in the file.
bool holds_all_strips(const TiffFile& file, std::uint64_t file_bytes) {
    const std::uint32_t count =
        TIFFIsTiled(file.get()) != 0 ? TIFFNumberOfTiles(file.get()) : TIFFNumberOfStrips(file.get());
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint64_t at = TIFFGetStrileOffset(file.get(), i),
                            bytes = TIFFGetStrileByteCount(file.get(), i);
        if (at > file_bytes || bytes > file_bytes - at) return false;
        if (at == 0 && bytes == 0) return true;  // a sparse file, or a damaged one, which decoding tells
    }
    return true;
}

/// A strip or tile is a part of the picture, but for what pads a tile of a small one.
bool has_sane_parts(const TiffFile& file, const TiffForm& form) {
    const std::uint64_t picture =
        std::uint64_t{form.width} * form.height * form.samples * ((form.bits + 7u) / 8u);
    const auto part =
        static_cast<std::uint64_t>(form.tiled ? TIFFTileSize64(file.get()) : TIFFStripSize64(file.get()));
    return part > 0 && part <= picture + (1u << 24);
}

/// Cameras put their raw pixels into TIFFs, mostly behind a small picture to look at.
bool is_camera_raw(const TiffFile& file, const TiffForm& form) {
    const std::uint8_t* version = nullptr;
    return (file.long_of(TIFFTAG_SUBFILETYPE) & FILETYPE_REDUCEDIMAGE) != 0 ||
           form.photometric == PHOTOMETRIC_CFA || TIFFGetField(file.get(), TIFFTAG_DNGVERSION, &version) != 0;
}

const char* refusal_of(const TiffFile& file, const TiffForm& form) {
    if (is_camera_raw(file, form)) {
        return "is a camera's raw picture; develop it, e.g. with darktable or RawTherapee, and give the "
               "result";
    }
    if (TIFFIsCODECConfigured(form.compression) == 0) {
        return "is a TIFF in a compression that this program does not know; save it again with LZW or "
               "Deflate";
    }
    if (form.samples == 0 || form.samples > most_samples || !has_sane_parts(file, form)) {
        return "is a damaged TIFF, or one of a kind that this program does not read; save it again as RGB";
    }
    if (form.is_float()) return nullptr;
    if (form.bits > 16 || (form.kind != SAMPLEFORMAT_UINT && form.kind != SAMPLEFORMAT_VOID)) {
        return "is a TIFF of floats of other than 32 bits, signed numbers or whole numbers of more than 16 "
               "bits; save it again with 16 bits, or as floats of 32";
    }
    char why[1024];  // libtiff writes as many
    if (!form.is_direct() && TIFFRGBAImageOK(file.get(), why) == 0) {
        return "is a TIFF of colours or bits that this program does not read; save it again as RGB of 8 or "
               "16 bits";
    }
    return nullptr;
}

/// Associated alpha is multiplied into the colours; pictures are kept without that.
template <class Sample>
void make_straight(Sample* pixel, std::uint32_t colours) {
    const std::uint64_t most = std::numeric_limits<Sample>::max(), alpha = pixel[colours];
    for (std::uint32_t c = 0; c < colours; ++c) {
        const std::uint64_t value = alpha == 0 ? 0 : (pixel[c] * most + alpha / 2) / alpha;
        pixel[c] = static_cast<Sample>(std::min(value, most));
    }
}

/// The strips or tiles of some rows, put together.
template <class Sample>
class TiffBand {
  public:
    TiffBand(const TiffFile& file, const TiffForm& form, const std::filesystem::path& name)
        : file_(file), form_(form), name_(name) {
        TIFF* tiff = file.get();
        part_width_ = form.tiled ? file.long_of(TIFFTAG_TILEWIDTH) : form.width;
        rows_ = file.long_of(form.tiled ? TIFFTAG_TILELENGTH : TIFFTAG_ROWSPERSTRIP);
        if (!form.tiled) rows_ = std::min(rows_, form.height);
        part_.resize(static_cast<std::size_t>(form.tiled ? TIFFTileSize64(tiff) : TIFFStripSize64(tiff)));
        in_part_ = form.separate ? 1 : form.samples;
        if (part_width_ == 0 || rows_ == 0 ||
            part_.size() < std::size_t{part_width_} * rows_ * in_part_ * sizeof(Sample)) {
            refuse_damaged(name, "its strips are too short");
        }
        pixels_.resize(std::size_t{form.width} * std::min(rows_, form.height) * taken());
    }

    std::uint32_t rows() const { return rows_; }
    /// Samples of a pixel that are kept: the colours, and alpha where there is one.
    std::uint32_t taken() const { return form_.colours() + (form_.has_alpha() ? 1 : 0); }

    /// The rows from `y` on, a multiple of rows().
    const Sample* read(std::uint32_t y) {
        const std::uint32_t planes = form_.separate ? taken() : 1;
        for (std::uint32_t plane = 0; plane < planes; ++plane) {
            for (std::uint32_t x = 0; x < form_.width; x += part_width_) read_part(x, y, plane);
        }
        return pixels_.data();
    }

  private:
    void read_part(std::uint32_t x, std::uint32_t y, std::uint32_t plane) {
        TIFF* tiff = file_.get();
        const auto sample = static_cast<std::uint16_t>(plane);
        const auto size = static_cast<tmsize_t>(part_.size());
        const tmsize_t read =
            form_.tiled
                ? TIFFReadEncodedTile(tiff, TIFFComputeTile(tiff, x, y, 0, sample), part_.data(), size)
                : TIFFReadEncodedStrip(tiff, TIFFComputeStrip(tiff, y, sample), part_.data(), size);
        const std::uint32_t rows = std::min(rows_, form_.height - y);
        const std::size_t row_bytes = std::size_t{part_width_} * in_part_ * sizeof(Sample);
        if (read < 0 || static_cast<std::uint64_t>(read) < row_bytes * rows) {
            file_.rethrow();
            refuse_damaged(name_, file_.fault().empty() ? "its pixels cannot be decoded" : file_.fault());
        }
        const std::uint32_t columns = std::min(part_width_, form_.width - x);
        const std::uint32_t kept = form_.separate ? 1 : taken(), all = taken();
        for (std::uint32_t row = 0; row < rows; ++row) {
            const auto* from = reinterpret_cast<const Sample*>(part_.data() + row_bytes * row);
            Sample* to = pixels_.data() + (std::size_t{form_.width} * row + x) * all + plane;
            for (std::uint32_t i = 0; i < columns; ++i, from += in_part_, to += all)
                std::copy_n(from, kept, to);
        }
    }

    const TiffFile& file_;
    const TiffForm& form_;
    const std::filesystem::path& name_;
    std::uint32_t part_width_, rows_;
    std::size_t in_part_;
    std::vector<std::byte> part_;
    std::vector<Sample> pixels_;
};

/// Rows of a picture whose samples are taken as they are.
template <class Sample>
class TiffRows : public RowDecoder {
  public:
    TiffRows(const FileToDecode& file, std::unique_ptr<TiffFile> tiff, const TiffForm& form)
        : tiff_(std::move(tiff)), form_(form), name_(file.name), band_(as_rgb(*tiff_), form_, name_) {}

    std::size_t channels() const override { return form_.has_alpha() ? 4 : 3; }
    void read(void* row) override {
        if (y_ % band_.rows() == 0) from_ = band_.read(y_);
        ++y_;
        auto* to = static_cast<Sample*>(row);
        const std::uint32_t colours = form_.colours(), taken = band_.taken();
        const bool alpha = form_.has_alpha(), white_is_zero = form_.photometric == PHOTOMETRIC_MINISWHITE;
        for (std::uint32_t x = 0; x < form_.width; ++x, from_ += taken, to += channels()) {
            Sample pixel[4] = {from_[0], from_[colours == 1 ? 0 : 1], from_[colours == 1 ? 0 : 2],
                               from_[taken - 1]};
            if (white_is_zero) {
                for (int c = 0; c < 3; ++c) pixel[c] = static_cast<Sample>(~pixel[c]);
            }
            if (alpha && form_.extra == EXTRASAMPLE_ASSOCALPHA) make_straight(pixel, 3);
            std::copy_n(pixel, channels(), to);
        }
    }

  private:
    const TiffFile& as_rgb(const TiffFile& tiff) const {
        if (form_.is_jpeg_colour()) TIFFSetField(tiff.get(), TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
        return tiff;
    }

    std::unique_ptr<TiffFile> tiff_;
    TiffForm form_;
    const std::filesystem::path& name_;
    TiffBand<Sample> band_;
    std::uint32_t y_ = 0;
    const Sample* from_ = nullptr;  ///< row y_ of the band
};

/// Floats: any number that is one.
void decode_floats(const TiffFile& tiff, const TiffForm& form, const FileToDecode& file,
                   FilePicture& picture) {
    const bool alpha = form.has_alpha(), multiplied = alpha && form.extra == EXTRASAMPLE_ASSOCALPHA;
    const UprightPlacement place = place_upright(form.width, form.height, file.orientation);
    Image colour{place.width, place.height, {}};
    const std::size_t plane = colour.plane();
    colour.values.resize(3 * plane);
    if (alpha) picture.float_alpha.resize(plane);
    TiffBand<float> band(tiff, form, file.name);
    const std::uint32_t colours = form.colours(), taken = band.taken();
    const auto finite = [&](float value, std::uint32_t y, std::uint32_t x) {
        if (std::isfinite(value)) return value;
        throw InputError(fmt::format(
            "{}: row {}, column {} is {}, which no filter takes; mend it in what made the picture",
            file.name.string(), y, x, value));
    };
    for (std::uint32_t first = 0; first < form.height; first += band.rows()) {
        const float* from = band.read(first);
        for (std::uint32_t y = first; y < std::min(first + band.rows(), form.height); ++y) {
            std::ptrdiff_t to = place.first + static_cast<std::ptrdiff_t>(y) * place.down;
            for (std::uint32_t x = 0; x < form.width; ++x, from += taken, to += place.right) {
                const auto at = static_cast<std::size_t>(to);
                const float opacity = alpha ? finite(from[taken - 1], y, x) : 1;
                const float divisor = multiplied ? opacity : 1;
                for (std::uint32_t c = 0; c < 3; ++c) {
                    const float value = finite(from[colours == 1 ? 0 : c], y, x);
                    colour.values[c * plane + at] = divisor == 0 ? 0 : finite(value / divisor, y, x);
                }
                if (alpha) picture.float_alpha[at] = opacity;
            }
        }
    }
    picture.colour = std::move(colour);
}

/// By libtiff, as 8-bit RGB.
void decode_converted(const TiffFile& tiff, const TiffForm& form, const FileToDecode& file,
                      FilePicture& picture) {
    TIFFSetField(tiff.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);  // it is turned here
    std::vector<std::uint32_t> pixels(std::size_t{form.width} * form.height);
    if (TIFFReadRGBAImageOriented(tiff.get(), form.width, form.height, pixels.data(), ORIENTATION_TOPLEFT,
                                  1) == 0) {
        throw InputError(fmt::format(
            "{}: is damaged, or a TIFF of a kind that is not read ({}); save it again as RGB "
            "of 8 or 16 bits",
            file.name.string(), tiff.fault().empty() ? "its pixels cannot be decoded" : tiff.fault()));
    }
    UprightPicture<std::uint8_t> canvas(place_upright(form.width, form.height, file.orientation), false);
    std::vector<std::uint8_t> row(std::size_t{3} * form.width);
    for (std::uint32_t y = 0; y < form.height; ++y) {
        for (std::uint32_t x = 0; x < form.width; ++x) {
            const std::uint32_t pixel = pixels[std::size_t{form.width} * y + x];
            row[3 * x] = static_cast<std::uint8_t>(TIFFGetR(pixel));
            row[3 * x + 1] = static_cast<std::uint8_t>(TIFFGetG(pixel));
            row[3 * x + 2] = static_cast<std::uint8_t>(TIFFGetB(pixel));
        }
        canvas.put(y, row.data(), form.width, 3);
    }
    canvas.finish(picture);
}

/// A field's bytes as they lie in the file, whatever type they have there. None of a BigTIFF.
Bytes raw_block(Bytes file, std::uint64_t tag) {
    const std::optional<Tiff> tiff = Tiff::open(file);
    const auto directory = tiff ? tiff->directory(tiff->first_directory()) : std::nullopt;
    if (!directory) return {};
    for (const TiffEntry& entry : tiff->entries(*directory)) {
        if (entry.tag == tag) return tiff->values(entry);
    }
    return {};
}

/// Photoshop's resources, as a JPEG has them: those of the file, or IPTC alone as the one resource.
std::vector<std::byte> photoshop_of(const TiffFile& tiff, Bytes file) {
    std::vector<std::byte> resources;
    const Bytes block = tiff.block_of(TIFFTAG_PHOTOSHOP), iptc = raw_block(file, TIFFTAG_RICHTIFFIPTC);
    if (block.empty() && iptc.empty()) return resources;
    append(resources, as_bytes(photoshop_name));
    append(resources, block);
    if (!block.empty()) return resources;
    append(resources, as_bytes(std::string_view("8BIM\x04\x04\0\0", 8)));
    append_big(resources, iptc.size(), 4);
    append(resources, iptc);
    return resources;
}

std::optional<Density> density_of(const TiffFile& tiff) {
    float x = 0, y = 0;
    if (TIFFGetField(tiff.get(), TIFFTAG_XRESOLUTION, &x) == 0 ||
        TIFFGetField(tiff.get(), TIFFTAG_YRESOLUTION, &y) == 0)
        return std::nullopt;
    constexpr Density::Unit units[] = {Density::Unit::none, Density::Unit::inch, Density::Unit::centimetre};
    const std::uint16_t unit = tiff.short_of(TIFFTAG_RESOLUTIONUNIT);
    if (!(x > 0 && y > 0) || unit < 1 || unit > 3 || !std::isfinite(x) || !std::isfinite(y))
        return std::nullopt;
    return Density{units[unit - 1], x, y};
}

void read_metadata(const TiffFile& tiff, const FileToDecode& file, FilePicture& picture) {
    Metadata& metadata = picture.metadata;
    const Bytes icc = tiff.block_of(TIFFTAG_ICCPROFILE);
    metadata.icc.assign(icc.begin(), icc.end());
    metadata.xmp = as_text(tiff.block_of(TIFFTAG_XMLPACKET));
    metadata.iptc = photoshop_of(tiff, file.bytes);
    metadata.density = density_of(tiff);
    metadata.had_more_pictures = TIFFLastDirectory(tiff.get()) == 0;
    bool had_maker_note = false;
    if (const TiffTree tree = exif_tree(file.bytes, had_maker_note); !tree.empty()) {
        metadata.exif = laid_out(tree, Tiff::open(file.bytes)->is_big_endian());
    }
    if (had_maker_note)
        picture.losses.emplace_back("maker notes were left out: they count places in their file");
    std::uint64_t place = 0;
    const bool has_exif = TIFFGetField(tiff.get(), TIFFTAG_EXIFIFD, &place) != 0;
    if (has_exif && !Tiff::open(file.bytes)) {
        picture.losses.emplace_back("EXIF was left out: of a BigTIFF it is not read");
    }
}

/// What was lost of the pixels, and how they were stored.
void add_losses(const TiffForm& form, FilePicture& picture) {
    if (form.photometric == PHOTOMETRIC_SEPARATED) {
        const bool had_profile = !picture.metadata.icc.empty();
        picture.losses.emplace_back(had_profile ? "CMYK became RGB, without its profile" : "CMYK became RGB");
        picture.metadata.icc.clear();  // the profile describes CMYK, not RGB
    } else if (!form.is_direct() && form.bits == 16) {
        picture.losses.emplace_back("16 bits became 8");
    }
    if (form.samples > form.channels() + (form.has_alpha() ? 1u : 0u)) {
        picture.losses.emplace_back("further channels than colours and alpha were left out");
    }
    if (form.has_alpha() && form.extra == EXTRASAMPLE_ASSOCALPHA) {
        picture.losses.emplace_back("alpha was taken out of the colours that it was multiplied into");
    }
}

FilePicture about_tiff(const TiffFile& tiff, const TiffForm& form, const FileToDecode& file) {
    FilePicture picture{
        .grey = file.facts.grey,
        .palette = file.facts.palette,
        .lossy = form.compression == COMPRESSION_JPEG || form.compression == COMPRESSION_OJPEG,
        .format = FileFormat::tiff};
    read_metadata(tiff, file, picture);
    add_losses(form, picture);
    return picture;
}

std::unique_ptr<TiffFile> opened_tiff(const FileToDecode& file) {
    auto tiff = std::make_unique<TiffFile>(file.file, most_for_decoding);
    tiff->rethrow();
    if (!*tiff) throw std::bad_alloc();  // it could be read when it was inspected
    return tiff;
}

/// The file may have been changed since it was inspected.
bool is_as_inspected(const TiffForm& form, const FileToDecode& file) {
    const UprightPlacement upright = place_upright(form.width, form.height, file.orientation);
    return form.is_direct() && upright.width == file.facts.width && upright.height == file.facts.height &&
           (form.bits == 16) == file.facts.sixteen_bit && form.has_alpha() == file.facts.alpha;
}

OpenedPicture opened_rows(std::unique_ptr<TiffFile> tiff, const FileToDecode& file) {
    const TiffForm form(*tiff);
    if (!is_as_inspected(form, file)) refuse_damaged(file.name, "it changed while it was read");
    OpenedPicture opened{about_tiff(*tiff, form, file), nullptr};
    if (form.bits == 16) {
        opened.rows = std::make_unique<TiffRows<std::uint16_t>>(file, std::move(tiff), form);
    } else {
        opened.rows = std::make_unique<TiffRows<std::uint8_t>>(file, std::move(tiff), form);
    }
    return opened;
}

}  // namespace

std::vector<ByteRange> places_of_tiff_pixels(const PictureBytes& bytes) {
    constexpr std::uint64_t header = 64;  // more than any kind of file is known by
    const TiffFile file(bytes, most_for_inspection(bytes));
    file.rethrow();
    if (!file || !holds_all_strips(file, bytes.size())) return {};
    std::vector<ByteRange> places;
    const std::uint32_t count =
        TIFFIsTiled(file.get()) != 0 ? TIFFNumberOfTiles(file.get()) : TIFFNumberOfStrips(file.get());
    for (std::uint32_t i = 0; i < count; ++i) {
        // An odd number of bytes is followed by one that only fills a word.
        const std::uint64_t at = TIFFGetStrileOffset(file.get(), i),
                            bytes_there = TIFFGetStrileByteCount(file.get(), i);
        if (at < header) return {};
        places.push_back({at, std::min(at + (bytes_there + 1) / 2 * 2, bytes.size())});
    }
    return merged(std::move(places));
}

Inspection inspect_tiff(const PictureBytes& bytes) {
    const TiffFile file(bytes, most_for_inspection(bytes));
    file.rethrow();
    Inspection found(FileFormat::tiff);
    if (!file) {
        found.complete = true;
        found.refusal = "is a damaged TIFF; copy it again";
        return found;
    }
    const TiffForm form(file);
    found.width = form.width;
    found.height = form.height;
    found.complete = holds_all_strips(file, bytes.size());
    found.refusal = refusal_of(file, form);
    found.decodable = most_pixels(form, bytes.size());
    found.sixteen_bit = form.is_direct() && form.bits == 16;
    found.floats = form.is_float();
    found.grey = form.is_grey();
    found.palette = form.photometric == PHOTOMETRIC_PALETTE;
    found.alpha = form.has_alpha();
    found.by_rows = found.refusal == nullptr && form.is_direct() && bytes_of_rows(file, form) <= most_of_rows;
    found.cmyk = form.photometric == PHOTOMETRIC_SEPARATED;
    const std::uint16_t orientation = file.short_of(TIFFTAG_ORIENTATION);
    if (orientation >= 1 && orientation <= 8) found.orientation = orientation;
    return found;
}

OpenedPicture open_tiff(const FileToDecode& file) {
    return opened_rows(opened_tiff(file), file);
}

FilePicture decode_tiff(const FileToDecode& file) {
    std::unique_ptr<TiffFile> tiff = opened_tiff(file);
    const TiffForm form(*tiff);
    if (form.is_direct()) return decode_all_rows(opened_rows(std::move(tiff), file), file);
    FilePicture picture = about_tiff(*tiff, form, file);
    if (form.is_float()) {
        decode_floats(*tiff, form, file, picture);
    } else {
        decode_converted(*tiff, form, file, picture);
    }
    return picture;
}

}  // namespace shadenet
