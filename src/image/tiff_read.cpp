// TIFF: the first picture of a file. Samples of 8 and 16 bits and floats that are grey or RGB are read as
// they are; everything else that libtiff knows becomes 8-bit RGB by its own conversion.
#include <algorithm>
#include <cmath>
#include <limits>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/row_decoder.h"
#include "image/tiff_deflate.h"
#include "image/tiff_file.h"
#include "image/tiff_form.h"
#include "image/tiff_metadata.h"

namespace shadenet {

namespace {

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
        const std::uint32_t part =
            form_.tiled ? TIFFComputeTile(tiff, x, y, 0, sample) : TIFFComputeStrip(tiff, y, sample);
        const tmsize_t read = form_.tiled ? TIFFReadEncodedTile(tiff, part, part_.data(), size)
                                          : TIFFReadEncodedStrip(tiff, part, part_.data(), size);
        const std::uint32_t rows = std::min(rows_, form_.height - y);
        const std::size_t row_bytes = std::size_t{part_width_} * in_part_ * sizeof(Sample);
        if (read < 0 || static_cast<std::uint64_t>(read) < row_bytes * rows) {
            file_.rethrow();
            refuse_damaged(name_, file_.fault().empty() ? "its pixels cannot be decoded" : file_.fault());
        }
        check_deflate(file_, form_, part, name_);
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
    const std::uint32_t parts = form.tiled ? TIFFNumberOfTiles(tiff.get()) : TIFFNumberOfStrips(tiff.get());
    for (std::uint32_t part = 0; part < parts; ++part) check_deflate(tiff, form, part, file.name);
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
    read_tiff_metadata(tiff, file, picture);
    add_losses(form, picture);
    return picture;
}

/// Of a picture that was inspected.
constexpr std::uint64_t most_for_decoding = std::uint64_t{1} << 33;

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
