// Picture files with everything that is in them: their depth, alpha, kind, profile, EXIF, texts and the way a
// JPEG was coded. Every function may run in several threads at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "image/image.h"

namespace shadenet {

enum class FileFormat { png, jpeg, bmp, tga };

/// Pixels per unit; with `none` only the ratio of x to y means something.
struct Density {
    enum class Unit { none, inch, centimetre, metre };
    Unit unit = Unit::none;
    double x = 1, y = 1;
    bool operator==(const Density&) const = default;
};

/// A text of a PNG, or a JPEG's comment, whose keyword is "Comment". Bytes as the file has them.
struct TextEntry {
    std::string keyword, text;
    std::string language, translated_keyword;  // of international texts only
    bool international = false;                // UTF-8, where others are Latin-1
    bool operator==(const TextEntry&) const = default;
};

/// A chunk of a PNG that stands for itself: gAMA, cHRM, sRGB, cICP, mDCV or cLLI.
struct PngColourChunk {
    std::array<char, 4> type{};
    std::vector<std::byte> data;
    bool operator==(const PngColourChunk&) const = default;
};

struct Metadata {
    std::vector<std::byte> icc;
    std::string icc_name;         // PNG's name of the profile
    std::vector<std::byte> exif;  // the TIFF structure, without JPEG's "Exif\0\0"
    std::vector<std::byte> iptc;  // JPEG's APP13: "Photoshop 3.0\0" and what follows in all its segments
    std::string xmp;
    std::vector<std::vector<std::byte>> xmp_extensions;  // JPEG's further APP1 segments of XMP, whole
    std::optional<Density> density;
    std::vector<TextEntry> texts;
    std::vector<PngColourChunk> png_colour;
    // What the file had in places of its own, and what is not here.
    bool had_thumbnail = false, had_more_pictures = false;
    bool operator==(const Metadata&) const = default;
};

/// How a JPEG was coded. That of a picture which was turned upright by 90 degrees is turned too.
struct JpegCoding {
    struct Component {
        std::size_t table = 0;             // in `tables`
        int horizontal = 1, vertical = 1;  // sampling factors
        bool operator==(const Component&) const = default;
    };
    std::vector<std::array<std::uint16_t, 64>> tables;  // of quantization, row by row
    std::vector<Component> components;
    bool progressive = false;
    bool rgb = false;                  // its components are R, G and B, not Y, Cb and Cr
    bool jfif = false, adobe = false;  // it has these markers
    std::uint32_t restart_interval = 0;
    bool operator==(const JpegCoding&) const = default;
};

using Pixels = std::variant<Picture8, Picture16>;

struct FilePicture {
    /// Upright: EXIF's orientation is already applied.
    Pixels colour;
    std::vector<std::uint16_t>
        alpha;  // (height, width), of the colour's depth; empty where the file has none
    bool grey = false, palette = false;
    FileFormat format = FileFormat::png;
    Metadata metadata;               // as the file has it, but a density, which is turned with the pixels
    std::optional<JpegCoding> jpeg;  // of JPEG files that are grey or in colour
    /// What of the file's pixels is not here, in words for the user.
    std::vector<std::string> losses;
};

/// Its colours as floats. Throws InputError, naming `name`, when they do not fit in memory.
Image to_image(const FilePicture& picture, const std::filesystem::path& name);

struct PictureFacts {
    FileFormat format = FileFormat::png;
    std::uint32_t width = 0, height = 0;  // upright
    bool sixteen_bit = false, grey = false, palette = false, alpha = false;
    int orientation = 1;             // as EXIF counts them, also of a TGA; width and height are after it
    bool progressive = false;        // a JPEG whose coefficients are all in memory while it is decoded
    std::vector<std::string> notes;  // as read_image gives them
    std::uint64_t file_bytes = 0;
};

/// A file that has been read, and looked at as far as its header and its end, but not decoded, unless it is a
/// JPEG without an end marker: only decoding tells whether anything else is missing. PNG and JPEG may have up
/// to 2^30 pixels, BMP and TGA 2^28.
class PictureReader {
  public:
    /// Throws InputError "<path>: ..." when there is no such file, or it is empty, truncated, too large, or
    /// no picture.
    explicit PictureReader(const std::filesystem::path& path);
    /// The same for bytes that are in memory: `name` says what they are called in messages, and its extension
    /// whether they may be a TGA.
    PictureReader(std::vector<std::byte> bytes, std::filesystem::path name);

    const PictureFacts& facts() const { return facts_; }
    /// The file's, until it is decoded.
    std::span<const std::byte> bytes() const {
        return std::span(bytes_).first(std::min<std::size_t>(bytes_.size(), facts_.file_bytes));
    }

    /// Once only: the file's bytes are gone afterwards. Throws InputError when the file is damaged or its
    /// pixels do not fit in memory.
    FilePicture decode();

  private:
    void inspect();

    std::vector<std::byte> bytes_;
    std::filesystem::path name_;
    PictureFacts facts_;
    std::vector<std::string> losses_;  // for the picture
};

struct WriteOptions {
    FileFormat format = FileFormat::png;
    /// 1..100. 0: as good as the JPEG was that the picture comes from (its own tables and sampling), and 95
    /// with full chroma where it comes from none.
    int jpeg_quality = 0;
    /// What was a palette becomes one again in a PNG, reduced to 256 colours if need be, never dithered.
    /// False: only where its colours fit as they are.
    bool keep_palette = true;
};

struct Written {
    std::uint64_t bytes = 0;
    /// What was lost in reading the picture, and then in writing it, e.g. "16 bits became 8".
    std::vector<std::string> notes;
};

/// write_png() of image.h, with what is to stand beside the pixels.
void write_png(const std::filesystem::path& path, const Image& image, const Metadata& metadata);

/// Writes the file in pieces under a temporary name, and renames it when it is whole. Its metadata say the
/// size that it has and that it is upright, and whatever repeated the source's pixels is left out. Grey
/// pictures are written as grey (as luma of Rec. 709 where R, G and B differ), except in a BMP, which has no
/// grey. Throws InputError, before any file is made, when the format cannot hold the picture: a JPEG cannot
/// hold alpha that is not opaque, nor more than 65,500 pixels a side. Throws WorkError when writing fails.
Written write_picture(const std::filesystem::path& path, const FilePicture& picture,
                      const WriteOptions& options);

}  // namespace shadenet
