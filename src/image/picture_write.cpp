#include <algorithm>
#include <new>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "image/codecs.h"
#include "image/density.h"
#include "image/file_formats.h"
#include "image/float_picture.h"
#include "image/revision.h"
#include "image/tiff.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

struct Size {
    std::uint64_t width = 0, height = 0;
};

Size size_of(const FilePicture& picture) {
    return std::visit([](const auto& colour) { return Size{colour.width, colour.height}; }, picture.colour);
}

std::size_t samples_of(const Image& colour) {
    return colour.values.size();
}
template <class Sample>
std::size_t samples_of(const Picture<Sample>& colour) {
    return colour.rgb.size();
}

void check_whole(const fs::path& path, const FilePicture& picture) {
    const auto [width, height] = size_of(picture);
    const std::size_t samples =
        std::visit([](const auto& colour) { return samples_of(colour); }, picture.colour);
    const std::size_t alpha = picture.alpha.size() + picture.float_alpha.size();
    if (samples != 0 && samples == 3 * width * height && (alpha == 0 || 3 * alpha == samples)) return;
    throw WorkError(fmt::format("{}: not written: {} values are no picture of {} x {} pixels", path.string(),
                                samples + alpha, width, height));
}

void check_size(const fs::path& path, const FilePicture& picture, FileFormat format) {
    const FormatFacts& most = facts_of(format);
    const auto [width, height] = size_of(picture);
    if (width <= most.most_side && height <= most.most_side && width * height <= most.most_pixels) return;
    throw InputError(fmt::format("{}: {} x {} pixels are too many for a {}; {}", path.string(), width, height,
                                 most.name, format == FileFormat::png ? "make it smaller" : "choose PNG"));
}

void check_opaque(const fs::path& path, const Pixels& colour, const std::vector<std::uint16_t>& alpha) {
    const std::uint16_t most = std::holds_alternative<Picture8>(colour) ? 255 : 65535;
    if (std::ranges::all_of(alpha, [most](std::uint16_t value) { return value == most; })) return;
    throw InputError(
        fmt::format("{}: is partly transparent, which a JPEG cannot be; choose PNG", path.string()));
}

void check_options(const fs::path& path, const FilePicture& picture, const WriteOptions& options) {
    check_size(path, picture, options.format);
    const bool has_quality = options.format == FileFormat::jpeg || options.format == FileFormat::webp;
    if (has_quality && (options.quality < 0 || options.quality > 100)) {
        throw InputError(fmt::format("{}: a {}'s quality is a number from 1 to 100, not {}", path.string(),
                                     facts_of(options.format).name, options.quality));
    }
}

// Programs take files without a profile for sRGB. Where a PNG has sRGB or a profile, gAMA and cHRM only
// repeat that for simpler programs.
bool has_unsaid_colour(const Metadata& metadata) {
    const auto& chunks = metadata.png_colour;
    const bool is_said = !metadata.icc.empty() || std::ranges::any_of(chunks, [&](const auto& chunk) {
        return chunk.name() == "sRGB";
    });
    return std::ranges::any_of(chunks, [&](const auto& chunk) {
        return chunk.name() != "sRGB" && !(is_said && (chunk.name() == "gAMA" || chunk.name() == "cHRM"));
    });
}

bool says_nothing(const Density& density) {
    return density.unit == Density::Unit::none && density.x == density.y;
}

/// What a format has a place for.
struct Places {
    bool floats = false, sixteen_bits = false, palette = false, profile = false, exif = false, iptc = false,
         xmp = false, texts = false;
    bool every_density = false;
};

Places places_of(FileFormat format) {
    // By FileFormat. A JPEG's and a PNG's coders tell themselves which metadata are too large or too odd for
    // them.
    constexpr Places places[] = {{false, true, true, true, true, true, true, true, true},
                                 {false, false, true, true, true, true, true, true, true},
                                 {},
                                 {},
                                 {true, true, false, true, true, true, true, false, true},
                                 {false, false, false, true, true, false, true, false, false}};
    return places[static_cast<std::size_t>(format)];
}

bool keeps_density(const Density& density, FileFormat format) {
    return says_nothing(density) || places_of(format).every_density ||
           (format == FileFormat::bmp && bmp_density(density));
}

std::vector<const char*> lost_metadata(const Metadata& metadata, FileFormat format) {
    const Places places = places_of(format);
    std::vector<const char*> lost;
    const auto add = [&](bool is_lost, const char* name) {
        if (is_lost) lost.push_back(name);
    };
    const bool jpeg = format == FileFormat::jpeg;
    add(!metadata.icc.empty() && !places.profile, "profile");
    add(has_unsaid_colour(metadata) && !jpeg, "colour space");
    add(!metadata.exif.empty() && !places.exif, "EXIF");
    add(!metadata.iptc.empty() && !places.iptc, "IPTC");
    add((!metadata.xmp.empty() && !places.xmp) || (!metadata.xmp_extensions.empty() && !jpeg), "XMP");
    add(!metadata.texts.empty() && !places.texts, "texts");
    add(metadata.density && !keeps_density(*metadata.density, format), "resolution");
    return lost;
}

void note_reductions(const FilePicture& picture, const WriteOptions& options,
                     std::vector<std::string>& notes) {
    if (options.format == FileFormat::png) return;
    const Places places = places_of(options.format);
    if (std::holds_alternative<Picture16>(picture.colour) && !places.sixteen_bits) {
        notes.emplace_back("16 bits became 8");
    }
    if (options.format == FileFormat::jpeg && has_unsaid_colour(picture.metadata)) {
        notes.emplace_back("the colour space was left out: a JPEG says it by a profile alone");
    }
    if (picture.palette && !places.palette) notes.emplace_back("the palette became true colours");
    const auto lost = lost_metadata(picture.metadata, options.format);
    if (lost.empty()) return;
    notes.push_back(fmt::format("left out, since a {} has no place for it: {}", facts_of(options.format).name,
                                fmt::join(lost, ", ")));
}

// The metadata that a BMP or TGA can hold are always right.
Metadata true_metadata(const FilePicture& picture, FileFormat format, std::vector<std::string>& notes) {
    if (format == FileFormat::bmp || format == FileFormat::tga) return picture.metadata;
    const Size size = size_of(picture);
    Revision revision{.width = static_cast<std::uint32_t>(size.width),
                      .height = static_cast<std::uint32_t>(size.height),
                      .orientation = exif_orientation(picture.metadata.exif),
                      .notes = {}};
    Metadata metadata = revised(picture.metadata, revision);
    notes.insert(notes.end(), revision.notes.begin(), revision.notes.end());
    return metadata;
}

std::unique_ptr<RowEncoder> row_encoder(const FileToEncode& work) {
    if (work.options.format == FileFormat::jpeg) return jpeg_encoder(work);
    return work.options.format == FileFormat::tiff ? tiff_encoder(work) : png_encoder(work);
}

void encode_whole(const FileToEncode& work) {
    switch (work.options.format) {
        case FileFormat::png:
            return encode_png(work);
        case FileFormat::webp:
            return encode_webp(work);
        case FileFormat::bmp:
        case FileFormat::tga:
            return encode_with_stb(work);
        case FileFormat::jpeg:
        case FileFormat::tiff:
            return encode_all_rows(row_encoder(work), work.picture);
    }
}

/// A file with a temporary name, and what an encoder needs besides it.
class ResultFile {
  public:
    ResultFile(const fs::path& path, const FilePicture& picture, bool alpha, const WriteOptions& options)
        : path_(path),
          options_(options),
          written_{.notes = picture.losses},
          picture_(picture),
          alpha_(alpha) {
        note_reductions(picture, options_, written_.notes);
    }

    /// Makes the file before `step`, which encodes.
    template <class Step>
    void run(const Step& step) {
        try {
            if (!file_) {
                file_.reset(new AtomicFile(options_.to_memory != nullptr
                                               ? AtomicFile::in_memory(*options_.to_memory)
                                           : options_.to_standard_output ? AtomicFile::of_standard_output()
                                                                         : AtomicFile(path_)));
                metadata_ = true_metadata(picture_, options_.format, written_.notes);
            }
            step(FileToEncode{*file_, path_, picture_, alpha_, metadata_, options_, written_.notes});
        } catch (const std::bad_alloc&) {
            throw WorkError(fmt::format("{}: not written: there is too little memory", path_.string()));
        }
    }

    Written commit() {
        file_->commit();
        written_.bytes = file_->bytes();
        return std::move(written_);
    }

  private:
    fs::path path_;
    WriteOptions options_;
    Written written_;
    const FilePicture& picture_;
    bool alpha_;
    std::unique_ptr<AtomicFile> file_;
    Metadata metadata_;
};

class RowsWriter : public PictureWriter {
  public:
    RowsWriter(const fs::path& path, const FilePicture& about, bool alpha, const WriteOptions& options)
        : path_(path), format_(options.format), file_(path, about, alpha, options) {}

    void write(const RowsToWrite& rows) override {
        if (format_ == FileFormat::jpeg) check_opaque(path_, rows.colour, rows.alpha);
        file_.run([&](const FileToEncode& work) {
            if (!encoder_) encoder_ = row_encoder(work);
            encoder_->write(rows);
        });
    }
    Written finish() override {
        file_.run([&](const FileToEncode&) { encoder_->finish(); });
        return file_.commit();
    }

  private:
    fs::path path_;
    FileFormat format_;
    ResultFile file_;
    std::unique_ptr<RowEncoder> encoder_;  ///< last: it refers to the file
};

}  // namespace

void encode_all_rows(std::unique_ptr<RowEncoder> encoder, const FilePicture& picture) {
    const auto height = static_cast<std::uint32_t>(size_of(picture).height);
    encoder->write({picture.colour, picture.alpha, 0, height});
    encoder->finish();
}

std::unique_ptr<PictureWriter> write_rows(const fs::path& path, const FilePicture& about, bool alpha,
                                          const WriteOptions& options) {
    check_options(path, about, options);
    return std::make_unique<RowsWriter>(path, about, alpha, options);
}

Written write_picture(const fs::path& path, const FilePicture& picture, const WriteOptions& options) {
    check_whole(path, picture);
    const Places places = places_of(options.format);
    if (std::holds_alternative<Image>(picture.colour) && !places.floats) {
        check_size(path, picture, options.format);
        return write_picture(path, in_levels(picture, path, places.sixteen_bits), options);
    }
    check_options(path, picture, options);
    if (options.format == FileFormat::jpeg) check_opaque(path, picture.colour, picture.alpha);
    ResultFile file(path, picture, !picture.alpha.empty() || !picture.float_alpha.empty(), options);
    file.run(encode_whole);
    return file.commit();
}

}  // namespace shadenet
