// The bytes of a picture's file: in memory, while its pixels may stay in the file.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/file_pieces.h"
#include "image/bytes.h"

namespace shadenet {

class PictureBytes {
  public:
    PictureBytes() = default;
    explicit PictureBytes(std::vector<std::byte> whole) : whole_(std::move(whole)) {}
    /// Leaves the pixels in the file. None when their places are not plain: then the file is to be read
    /// whole. Throws InputError when it cannot be read, and std::bad_alloc.
    static std::optional<PictureBytes> without_pixels(FilePieces file);

    bool is_whole() const { return !file_; }
    std::uint64_t size() const { return file_ ? file_->size() : whole_.size(); }
    /// Every byte at its place, but zeros for pixels that stay in the file. Consecutive IDAT chunks of a PNG
    /// are one chunk then, and a JPEG ends where its pixels begin.
    Bytes in_memory() const { return file_ ? Bytes(outline_.get(), file_->size()) : Bytes(whole_); }
    /// The file's own bytes from `at` on; returns how many of `to` there are. Throws InputError when they
    /// cannot be read.
    std::size_t read(std::uint64_t at, std::span<std::byte> to) const;
    /// To bytes that are whole.
    void append_to_whole(std::uint64_t value, std::size_t count) { append_big(whole_, value, count); }

  private:
    struct Free {
        void operator()(std::byte* bytes) const { std::free(bytes); }
    };

    std::vector<std::byte> whole_;
    std::optional<FilePieces> file_;
    std::unique_ptr<std::byte, Free> outline_;
};

/// Where the pixels of a PNG, JPEG or TIFF lie in its file, in order; nothing where that is not plain, or not
/// all of a part. Of a PNG the first chunk's length and type are no part of it.
std::vector<ByteRange> places_of_pixels(const PictureBytes& file);

/// Of one format. The PNG's file begins with its signature, the JPEG's with a marker.
std::vector<ByteRange> places_of_png_pixels(const PictureBytes& file);
std::vector<ByteRange> places_of_jpeg_pixels(const PictureBytes& file);
std::vector<ByteRange> places_of_tiff_pixels(const PictureBytes& file);

}  // namespace shadenet
