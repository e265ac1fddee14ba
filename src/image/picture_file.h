// Picture files with everything that is in them: their depth, alpha, kind, profile, EXIF, texts and the way a
// JPEG was coded. Every function may run in several threads at once.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "image/image.h"

namespace shadenet {

class PictureBytes;

enum class FileFormat { png, jpeg, bmp, tga, tiff, webp };

/// Pixels per unit; with `none` only the ratio of x to y has a meaning.
struct Density {
    enum class Unit { none, inch, centimetre, metre };
    Unit unit = Unit::none;
    double x = 1, y = 1;
    bool operator==(const Density&) const = default;
};

/// A text of a PNG, or a JPEG's comment, whose keyword is "Comment". Bytes as the file has them.
struct TextEntry {
    std::string keyword, text;
    std::string language, translated_keyword;  // only of international texts
    bool international = false;                // UTF-8; other texts are Latin-1
    bool operator==(const TextEntry&) const = default;
};

/// A chunk of a PNG about colours, kept as it is: gAMA, cHRM, sRGB, cICP, mDCV or cLLI.
struct PngColourChunk {
    std::array<char, 4> type{};
    std::vector<std::byte> data;
    std::string_view name() const { return {type.data(), type.size()}; }
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
    // Whether the file had thumbnails or pictures in other places, which are not kept here.
    bool had_thumbnail = false, had_more_pictures = false;
    bool operator==(const Metadata&) const = default;
};

/// How finely a JPEG's component is sampled, relative to the others.
struct Sampling {
    int horizontal = 1, vertical = 1;
    bool operator==(const Sampling&) const = default;
};

/// How a JPEG was coded. If the picture was turned upright by 90 degrees, its coding is turned, too.
struct JpegCoding {
    struct Component {
        std::size_t table = 0;  // index in `tables`
        Sampling sampling;
        bool operator==(const Component&) const = default;
    };
    std::vector<std::array<std::uint16_t, 64>> tables;  // quantization tables, row by row
    std::vector<Component> components;
    bool progressive = false;
    bool rgb = false;                  // the components are R, G and B, not Y, Cb and Cr
    bool jfif = false, adobe = false;  // the file has these markers
    std::uint32_t restart_interval = 0;
    bool operator==(const JpegCoding&) const = default;
};

/// An Image where the file has floats: values as they are there, also below 0 and above 1, but all finite.
using Pixels = std::variant<Picture8, Picture16, Image>;

struct FilePicture {
    /// Upright: EXIF's orientation is already applied.
    Pixels colour;
    std::vector<std::uint16_t>
        alpha;                       // (height, width), of the colour's depth; empty where the file has none
    std::vector<float> float_alpha;  // in its place where the colours are floats
    bool grey = false, palette = false;
    bool lossy = false;  // the file's coding had changed the pixels
    FileFormat format = FileFormat::png;
    Metadata metadata;               // as in the file, but the density is turned with the pixels
    std::optional<JpegCoding> jpeg;  // only of JPEG files with one or three components
    /// What was lost of the file in reading it, in words for the user.
    std::vector<std::string> losses;
};

/// The picture's colours as floats. Throws InputError, which names `name`, when memory is too small.
Image to_image(const FilePicture& picture, const std::filesystem::path& name);

struct PictureFacts {
    FileFormat format = FileFormat::png;
    std::uint32_t width = 0, height = 0;  // of the upright picture
    bool sixteen_bit = false, floats = false, grey = false, palette = false, alpha = false;
    int orientation = 1;       // EXIF's number, also by a TGA's rows; already applied to width and height
    bool progressive = false;  // a JPEG that needs all its coefficients in memory
    std::vector<std::string> notes;  // the notes of read_image()
    std::uint64_t file_bytes = 0;
    bool by_rows = false;  // its rows can be read one by one, from the top, in little memory
    std::uint32_t sample_bytes() const { return floats ? 4 : sixteen_bit ? 2 : 1; }
};

/// Some rows of a picture, or all. The alpha is of the colour's depth; empty where there is none.
struct PixelRows {
    Pixels colour;
    std::vector<std::uint16_t> alpha;
};

/// A picture that is read row after row, and never whole in memory.
class PictureRows {
  public:
    virtual ~PictureRows() = default;
    virtual const PictureFacts& facts() const = 0;
    /// What decode() gives, but for the samples; the size and the depth are there.
    virtual FilePicture& about() = 0;
    /// Brings the next `count` rows to rows `first` and on of `to`, which has room for them, the picture's
    /// depth, and alpha where it has. Throws InputError when they are damaged; the file must not be read on.
    virtual void read(PixelRows& to, std::uint32_t first, std::uint32_t count) = 0;
};

/// The most bytes of a file that are read at once where its pixels may as well be read little by little.
inline constexpr std::uint64_t usual_bytes_at_once = std::uint64_t{1} << 26;

/// A file that has been read, and whose header and end have been checked. It is not decoded yet, unless it is
/// a JPEG without an end marker: only decoding tells whether anything else is missing. PNG, JPEG and TIFF may
/// have up to 2^30 pixels, BMP, TGA and WebP 2^28.
class PictureReader {
  public:
    /// Where the pixels of a file of more than `most_at_once` bytes can be read by rows, they stay in the
    /// file for now. Throws InputError "<path>: ..." when there is no such file, or it is empty, truncated,
    /// too large, or no picture.
    explicit PictureReader(const std::filesystem::path& path, std::uint64_t most_at_once = UINT64_MAX);
    /// The same for bytes that are in memory: messages call them `name`, whose extension tells whether they
    /// may be a TGA.
    PictureReader(std::vector<std::byte> bytes, std::filesystem::path name);
    PictureReader(PictureReader&&) noexcept;
    PictureReader& operator=(PictureReader&&) noexcept;
    ~PictureReader();

    /// What comes from standard input, to its end. A TGA, which only its name would tell, is refused.
    static PictureReader of_standard_input();

    const PictureFacts& facts() const { return facts_; }
    /// The file's bytes, until it is decoded; where pixels stay in the file they are zeros.
    std::span<const std::byte> bytes() const;

    // One of both is to be called, once: it takes the file's bytes.

    /// Throws InputError when the file is damaged or its pixels do not fit in memory.
    FilePicture decode();
    /// Of a picture that facts().by_rows; its rows follow. Throws InputError likewise.
    std::unique_ptr<PictureRows> rows();

  private:
    PictureReader();
    void inspect();

    std::unique_ptr<PictureBytes> bytes_;  // none after they were taken
    std::filesystem::path name_;
    PictureFacts facts_;
    std::vector<std::string> losses_;  // for the picture
};

struct WriteOptions {
    FileFormat format = FileFormat::png;
    /// 1..100, of a JPEG or a lossy WebP. 0: the quality of the JPEG that the picture comes from (its tables
    /// and sampling), or 95 with full chroma if it comes from no JPEG; a WebP is without loss, unless the
    /// picture's file was lossy, and is then of quality 95.
    int quality = 0;
    /// A picture that had a palette gets one in a PNG, reduced to 256 colours if necessary, never dithered.
    /// False: it gets one only if its colours fit as they are.
    bool keep_palette = true;
    /// The whole file goes to standard output, and the path is only what messages call it.
    bool to_standard_output = false;
    /// Not null: the whole file is appended to these bytes instead, and the path is likewise a name.
    std::vector<std::byte>* to_memory = nullptr;
};

struct Written {
    std::uint64_t bytes = 0;
    /// What was lost in reading the picture, and then in writing it, e.g. "16 bits became 8".
    std::vector<std::string> notes;
};

/// Rows `first` to first + count − 1 of what is in memory of a picture.
struct RowsToWrite {
    const Pixels& colour;
    const std::vector<std::uint16_t>& alpha;
    std::uint32_t first, count;
};

/// A picture that is written row after row, under a temporary name until it is complete.
class PictureWriter {
  public:
    virtual ~PictureWriter() = default;
    /// The next rows. Throws as write_picture() does.
    virtual void write(const RowsToWrite& rows) = 0;
    /// After the last row; the file has its name then.
    virtual Written finish() = 0;
};

/// Writes what write_picture() would, as a PNG, JPEG or TIFF without a palette. `about` outlives the writer;
/// it has the picture's size and depth, and `alpha` tells whether alpha comes with the rows. Throws
/// InputError as write_picture() does; a JPEG's alpha is known only from the rows.
std::unique_ptr<PictureWriter> write_rows(const std::filesystem::path& path, const FilePicture& about,
                                          bool alpha, const WriteOptions& options);

/// write_png() of image.h, with metadata.
void write_png(const std::filesystem::path& path, const Image& image, const Metadata& metadata);
/// The bytes of that file, which messages call `path`.
std::vector<std::byte> png_file(const std::filesystem::path& path, const Image& image,
                                const Metadata& metadata);

/// Writes the file in pieces under a temporary name, and renames it when it is complete. Its metadata tell
/// its own size and that it is upright; whatever repeated the source's pixels is left out. Grey pictures are
/// written as grey (as luma of Rec. 709 where R, G and B differ), except in a BMP, which has no grey. Floats
/// stay floats in a TIFF; in other formats they become 16 bits or 8, clamped to 0..1, which the notes say.
/// Throws InputError, before any file is made, when the format cannot hold the picture: a JPEG cannot hold
/// alpha that is not opaque, nor more than 65,500 pixels a side, and a WebP no more than 16,383. That a TIFF
/// would have more than 4 GiB is known only while it is written. Throws WorkError when writing fails.
Written write_picture(const std::filesystem::path& path, const FilePicture& picture,
                      const WriteOptions& options);

}  // namespace shadenet
