// The codecs behind PictureReader and write_picture.
#pragma once

#include "base/atomic_file.h"
#include "image/bytes.h"
#include "image/picture_bytes.h"
#include "image/picture_file.h"

namespace shadenet {

/// A file that was inspected and can be decoded.
struct FileToDecode {
    const PictureBytes& file;
    Bytes bytes;  // those in memory: all, where the picture is decoded at once
    const std::filesystem::path& name;
    const PictureFacts& facts;
    int orientation;
};

/// Each throws InputError when the file is damaged, and std::bad_alloc.
FilePicture decode_png(const FileToDecode& file);
FilePicture decode_jpeg(const FileToDecode& file);
FilePicture decode_with_stb(const FileToDecode& file);  // BMP and TGA
FilePicture decode_tiff(const FileToDecode& file);
FilePicture decode_webp(const FileToDecode& file);

/// Whether a JPEG has all its data, to the last scan and the last bit. The JPEG must have an end marker, even
/// if we added it. Throws std::bad_alloc.
bool holds_all_data(const PictureBytes& jpeg, const std::filesystem::path& name);

[[noreturn]] void refuse_truncated(const std::filesystem::path& name);
[[noreturn]] void refuse_damaged(const std::filesystem::path& name, std::string_view what);
[[noreturn]] void refuse_unreadable(const std::filesystem::path& name, std::string_view reason);

/// The decoder of BMP and TGA counts a file's bytes in int.
constexpr std::uint64_t most_stb_bytes = 0x7fffffff;

/// Throws InputError when the decoder does not take the JPEG's header.
void check_jpeg_header(const PictureBytes& bytes, const std::filesystem::path& name);
/// The same for BMP and TGA. Sets size and alpha in `facts`, as the decoder tells them.
void inspect_with_stb(Bytes bytes, const std::filesystem::path& name, PictureFacts& facts);

/// A picture that is being written to a file.
struct FileToEncode {
    AtomicFile& file;
    const std::filesystem::path& path;
    const FilePicture& picture;  // of a RowEncoder: all but the samples
    bool alpha;
    const Metadata& metadata;  // instead of the picture's own
    const WriteOptions& options;
    std::vector<std::string>& notes;
};

/// Each throws WorkError when writing fails, and std::bad_alloc.
void encode_png(const FileToEncode& work);
void encode_with_stb(const FileToEncode& work);
void encode_webp(const FileToEncode& work);

/// Encodes a picture row after row. Throws likewise.
class RowEncoder {
  public:
    virtual ~RowEncoder() = default;
    virtual void write(const RowsToWrite& rows) = 0;
    /// After the last row.
    virtual void finish() = 0;
};

/// What `work` refers to must outlive the encoder. A TIFF of more than 4 GiB is an InputError.
std::unique_ptr<RowEncoder> png_encoder(const FileToEncode& work);
std::unique_ptr<RowEncoder> jpeg_encoder(const FileToEncode& work);
std::unique_ptr<RowEncoder> tiff_encoder(const FileToEncode& work);

void encode_all_rows(std::unique_ptr<RowEncoder> encoder, const FilePicture& picture);

}  // namespace shadenet
