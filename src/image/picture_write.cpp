#include <algorithm>
#include <new>

#include <fmt/format.h>

#include "base/error.h"
#include "image/codecs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

struct Limits {
    const char* name;
    std::uint64_t side, pixels;
};

Limits limits_of(FileFormat format) {
    switch (format) {
        case FileFormat::jpeg:
            return {"JPEG", 65500, std::uint64_t{1} << 32};
        case FileFormat::bmp:
            return {"BMP", 0x7fffffff, std::uint64_t{1} << 28};
        case FileFormat::tga:
            return {"TGA", 65535, std::uint64_t{1} << 28};
        default:
            return {"PNG", 0x7fffffff, std::uint64_t{1} << 32};
    }
}

struct Size {
    std::uint64_t width = 0, height = 0, samples = 0;
};

Size size_of(const FilePicture& picture) {
    return std::visit(
        [](const auto& colour) {
            return Size{colour.width, colour.height, colour.rgb.size()};
        },
        picture.colour);
}

void check_whole(const fs::path& path, const FilePicture& picture) {
    const auto [width, height, samples] = size_of(picture);
    const bool has_alpha = !picture.alpha.empty();
    if (samples != 0 && samples == 3 * width * height &&
        (!has_alpha || 3 * picture.alpha.size() == samples)) {
        return;
    }
    throw WorkError(fmt::format("{}: not written: {} values are no picture of {} x {} pixels", path.string(),
                                samples + picture.alpha.size(), width, height));
}

void check_size(const fs::path& path, const FilePicture& picture, FileFormat format) {
    const Limits most = limits_of(format);
    const auto [width, height, samples] = size_of(picture);
    if (width <= most.side && height <= most.side && width * height <= most.pixels) return;
    throw InputError(fmt::format("{}: {} x {} pixels are too many for a {}; {}", path.string(), width, height,
                                 most.name, format == FileFormat::png ? "make it smaller" : "choose PNG"));
}

bool is_opaque(const FilePicture& picture) {
    const std::uint16_t most = std::holds_alternative<Picture8>(picture.colour) ? 255 : 65535;
    return std::all_of(picture.alpha.begin(), picture.alpha.end(),
                       [most](std::uint16_t value) { return value == most; });
}

void check_options(const fs::path& path, const FilePicture& picture, const WriteOptions& options) {
    check_size(path, picture, options.format);
    if (options.format != FileFormat::jpeg) return;
    if (options.jpeg_quality < 0 || options.jpeg_quality > 100) {
        throw InputError(fmt::format("{}: a JPEG's quality is a number from 1 to 100, not {}", path.string(),
                                     options.jpeg_quality));
    }
    if (!is_opaque(picture)) {
        throw InputError(
            fmt::format("{}: is partly transparent, which a JPEG cannot be; choose PNG", path.string()));
    }
}

bool has_metadata(const Metadata& metadata) {
    return !metadata.icc.empty() || !metadata.exif.empty() || !metadata.iptc.empty() ||
           !metadata.xmp.empty() || !metadata.texts.empty();
}

void note_reductions(const FilePicture& picture, const WriteOptions& options,
                     std::vector<std::string>& notes) {
    const bool deep = std::holds_alternative<Picture16>(picture.colour);
    if (deep && options.format != FileFormat::png) notes.emplace_back("16 bits became 8");
    const bool plain = options.format == FileFormat::bmp || options.format == FileFormat::tga;
    if (plain && options.keep_metadata && has_metadata(picture.metadata)) {
        notes.push_back(fmt::format("profile, EXIF and texts were left out: a {} has no place for them",
                                    limits_of(options.format).name));
    }
}

void encode(const FileToEncode& work) {
    switch (work.options.format) {
        case FileFormat::png:
            return encode_png(work);
        case FileFormat::jpeg:
            return encode_jpeg(work);
        default:
            return encode_with_stb(work);
    }
}

}  // namespace

Written write_picture(const fs::path& path, const FilePicture& picture, const WriteOptions& options) {
    check_whole(path, picture);
    check_options(path, picture, options);
    Written written;
    note_reductions(picture, options, written.notes);
    AtomicFile file(path);
    try {
        encode({file, path, picture, options, written.notes});
    } catch (const std::bad_alloc&) {
        throw WorkError(fmt::format("{}: not written: there is too little memory", path.string()));
    }
    file.commit();
    written.bytes = file.bytes();
    return written;
}

}  // namespace shadenet
