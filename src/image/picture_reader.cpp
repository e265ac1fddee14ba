#include <new>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/file_kind.h"
#include "base/picture_formats.h"
#include "base/standard_streams.h"
#include "image/codecs.h"
#include "image/file_formats.h"
#include "image/format.h"
#include "image/jpeg_segments.h"
#include "image/pairs.h"
#include "image/row_decoder.h"
#include "image/samples.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t most_file_bytes = std::uint64_t{1} << 32;

bool is_read_by_stb(FileFormat format) {
    return format == FileFormat::bmp || format == FileFormat::tga;
}

[[noreturn]] void refuse_memory(const fs::path& name, const char* what) {
    throw InputError(fmt::format("{}: {} not fit in memory; make it smaller", name.string(), what));
}

PictureBytes read_bytes(const fs::path& path, std::uint64_t most_at_once) {
    try {
        FilePieces file(path, most_file_bytes);
        if (file.size() > most_at_once) {
            if (auto outline = PictureBytes::without_pixels(std::move(file))) return std::move(*outline);
        }
        return PictureBytes(read_file(path, most_file_bytes));
    } catch (const std::bad_alloc&) {
        refuse_memory(path, "does");
    }
}

void check_inspection(const Inspection& found, std::uint64_t file_bytes, const fs::path& name) {
    if (!found.complete && !found.may_lack_only_end) refuse_truncated(name);
    if (found.refusal != nullptr) throw InputError(fmt::format("{}: {}", name.string(), found.refusal));
    const int most = facts_of(found.format).most_pixels_read;
    if (found.pixels() > std::uint64_t{1} << most) {
        throw InputError(fmt::format("{}: has {} x {} pixels, and at most 2^{} are accepted; make it smaller",
                                     name.string(), found.width, found.height, most));
    }
    if (is_read_by_stb(found.format) && file_bytes > most_stb_bytes) {
        throw InputError(fmt::format("{}: has {} bytes, and at most {} are accepted", name.string(),
                                     file_bytes, most_stb_bytes));
    }
    if (found.pixels() > found.decodable) {
        if (!found.complete) refuse_truncated(name);
        refuse_damaged(name, fmt::format("it is too short for {} x {} pixels", found.width, found.height));
    }
}

std::vector<std::string> notes_of(const PictureFacts& facts, const Inspection& found) {
    std::vector<std::string> notes;
    if (facts.sixteen_bit) notes.emplace_back("16-bit");
    if (facts.floats) notes.emplace_back("32-bit float");
    if (facts.grey) notes.emplace_back("grey");
    if (facts.palette) notes.emplace_back("palette");
    if (facts.alpha) notes.emplace_back("alpha (ignored)");
    if (found.cmyk) notes.emplace_back("CMYK");
    if (found.animated) notes.emplace_back("animation (its first picture)");
    if (!found.complete) notes.emplace_back("without an end marker");
    return notes;
}

// The losses that are known before the pixels are decoded.
std::vector<std::string> losses_of(const Inspection& found) {
    std::vector<std::string> losses;
    if (found.animated) losses.emplace_back("an animation became its first picture");
    if (!found.complete) losses.emplace_back("its end marker was missing, and nothing else");
    return losses;
}

// Some cameras, and transfers that are cut short, leave a JPEG without the end marker, its last two bytes.
// Only decoding tells whether more is missing.
void add_jpeg_end(PictureBytes& bytes, const fs::path& name) {
    bytes.append_to_whole(0xff00 | jpeg_marker::end, 2);
    try {
        if (!holds_all_data(bytes, name)) refuse_truncated(name);
    } catch (const std::bad_alloc&) {
        refuse_memory(name, "its pixels do");
    }
}

FilePicture decode_file(const FileToDecode& file) {
    switch (file.facts.format) {
        case FileFormat::png:
            return decode_png(file);
        case FileFormat::jpeg:
            return decode_jpeg(file);
        case FileFormat::tiff:
            return decode_tiff(file);
        case FileFormat::webp:
            return decode_webp(file);
        case FileFormat::bmp:
        case FileFormat::tga:
            break;
    }
    return decode_with_stb(file);
}

[[noreturn]] void refuse_other_kind(std::span<const std::byte> bytes, const fs::path& name) {
    const std::string kind = wrong_kind(bytes, FileUse::picture, name);
    if (kind.empty()) refuse_unreadable(name, "its first bytes are those of none of them");
    throw InputError(fmt::format("{}: {}", name.string(), kind));
}

}  // namespace

void refuse_truncated(const fs::path& name) {
    throw InputError(fmt::format("{}: is truncated; copy it again", name.string()));
}

void refuse_damaged(const fs::path& name, std::string_view what) {
    throw InputError(fmt::format("{}: is damaged ({}); copy it again", name.string(), what));
}

void refuse_unreadable(const fs::path& name, std::string_view reason) {
    throw InputError(fmt::format("{}: is not a picture this program reads (" SHADENET_PICTURE_FORMATS "): {}",
                                 name.string(), reason));
}

PictureReader::PictureReader(const fs::path& path, std::uint64_t most_at_once)
    : bytes_(std::make_unique<PictureBytes>(read_bytes(path, most_at_once))), name_(path) {
    if (!bytes_->is_whole()) {
        const std::optional<Inspection> found = inspect_file(*bytes_, false);
        if (!found || !found->by_rows) *bytes_ = read_bytes(path, UINT64_MAX);
    }
    inspect();
}

PictureReader::PictureReader(std::vector<std::byte> bytes, fs::path name)
    : bytes_(std::make_unique<PictureBytes>(std::move(bytes))), name_(std::move(name)) {
    inspect();
}

PictureReader::PictureReader() = default;
PictureReader::PictureReader(PictureReader&&) noexcept = default;
PictureReader& PictureReader::operator=(PictureReader&&) noexcept = default;
PictureReader::~PictureReader() = default;

std::span<const std::byte> PictureReader::bytes() const {
    if (!bytes_) return {};
    return bytes_->in_memory().first(std::min<std::size_t>(bytes_->size(), facts_.file_bytes));
}

void PictureReader::inspect() {
    const PictureBytes& file = *bytes_;
    if (file.size() == 0) throw InputError(fmt::format("{}: is empty", name_.string()));
    const std::optional<Inspection> found = inspect_file(file, lower_extension(name_) == ".tga");
    if (!found) refuse_other_kind(file.in_memory(), name_);
    facts_ = *found;
    facts_.file_bytes = file.size();
    check_inspection(*found, facts_.file_bytes, name_);
    if (!found->complete) add_jpeg_end(*bytes_, name_);
    const UprightPlacement upright = place_upright(found->width, found->height, found->orientation);
    facts_.width = upright.width;
    facts_.height = upright.height;
    facts_.by_rows = found->by_rows && found->orientation == 1;
    if (is_read_by_stb(found->format)) inspect_with_stb(file.in_memory(), name_, facts_);
    if (found->format == FileFormat::jpeg) check_jpeg_header(file, name_);
    if (facts_.width == 0 || facts_.height == 0) refuse_unreadable(name_, "it has no pixels");
    facts_.notes = notes_of(facts_, *found);
    losses_ = losses_of(*found);
}

PictureReader PictureReader::of_standard_input() {
    std::vector<std::byte> bytes;
    try {
        bytes = read_standard_input(most_file_bytes);
    } catch (const std::bad_alloc&) {
        refuse_memory(standard_input_name, "does");
    }
    const bool unknown = wrong_kind(bytes, FileUse::picture, standard_input_name).empty();
    PictureReader reader;
    reader.bytes_ = std::make_unique<PictureBytes>(std::move(bytes));
    reader.name_ = standard_input_name;
    if (!inspect_file(*reader.bytes_, false) && unknown && inspect_file(*reader.bytes_, true)) {
        throw InputError(
            fmt::format("{}: may be a TGA, which only a file's name tells; give a file that ends in .tga",
                        standard_input_name));
    }
    reader.inspect();
    return reader;
}

FilePicture PictureReader::decode() {
    if (!bytes_) throw WorkError(fmt::format("{}: was decoded before", name_.string()));
    if (!bytes_->is_whole()) {
        *bytes_ = read_bytes(name_, UINT64_MAX);
        inspect();  // it may be another file by now
    }
    const std::unique_ptr<PictureBytes> bytes = std::move(bytes_);
    try {
        FilePicture picture = decode_file({*bytes, bytes->in_memory(), name_, facts_, facts_.orientation});
        picture.losses.insert(picture.losses.begin(), losses_.begin(), losses_.end());
        if (picture.metadata.density && is_sideways(facts_.orientation)) {
            std::swap(picture.metadata.density->x, picture.metadata.density->y);
        }
        return picture;
    } catch (const std::length_error&) {  // more than a vector can have
    } catch (const std::bad_alloc&) {
    }
    const std::string pixels = fmt::format("its {} x {} pixels do", facts_.width, facts_.height);
    refuse_memory(name_, pixels.c_str());
}

namespace {

OpenedPicture open_rows(const FileToDecode& file) {
    if (file.facts.format == FileFormat::png) return open_png(file);
    return file.facts.format == FileFormat::jpeg ? open_jpeg(file) : open_tiff(file);
}

/// The rows of an upright file, and what their decoder refers to.
class FileRows : public PictureRows {
  public:
    FileRows(PictureBytes bytes, fs::path name, PictureFacts facts, const std::vector<std::string>& losses)
        : bytes_(std::move(bytes)),
          name_(std::move(name)),
          facts_(std::move(facts)),
          opened_(open_rows({bytes_, bytes_.in_memory(), name_, facts_, facts_.orientation})) {
        if (facts_.sixteen_bit) {
            opened_.about.colour = Picture16{facts_.width, facts_.height, {}};
        } else {
            opened_.about.colour = Picture8{facts_.width, facts_.height, {}};
        }
        opened_.about.losses.insert(opened_.about.losses.begin(), losses.begin(), losses.end());
    }

    const PictureFacts& facts() const override { return facts_; }
    FilePicture& about() override { return opened_.about; }
    void read(PixelRows& to, std::uint32_t first, std::uint32_t count) override {
        with_integers(to.colour, [&]<class Sample>(Picture<Sample>& colour) {
            UprightPicture<Sample> canvas(std::move(colour), std::move(to.alpha));
            read_rows(*opened_.rows, facts_.width, canvas, first, count);
            canvas.finish(to);
        });
        rows_read_ += count;
        if (rows_read_ == facts_.height) opened_.rows->finish();
    }

  private:
    PictureBytes bytes_;
    fs::path name_;
    PictureFacts facts_;
    OpenedPicture opened_;
    std::uint32_t rows_read_ = 0;
};

}  // namespace

std::unique_ptr<PictureRows> PictureReader::rows() {
    if (!bytes_) throw WorkError(fmt::format("{}: was decoded before", name_.string()));
    const std::unique_ptr<PictureBytes> bytes = std::move(bytes_);
    return std::make_unique<FileRows>(std::move(*bytes), name_, facts_, losses_);
}

}  // namespace shadenet
