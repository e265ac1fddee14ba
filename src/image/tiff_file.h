// A TIFF, by libtiff.
#pragma once

#include <cstdint>
#include <exception>
#include <memory>
#include <string>

#include <tiffio.h>

#include "image/picture_bytes.h"

namespace shadenet {

class TiffFile {
  public:
    /// Its first picture; false below for bytes that are no TIFF, or have a damaged directory. `file` must
    /// outlive it. libtiff allocates no more than `most_at_once` in one piece.
    TiffFile(const PictureBytes& file, std::uint64_t most_at_once);
    TiffFile(const TiffFile&) = delete;
    TiffFile& operator=(const TiffFile&) = delete;

    explicit operator bool() const { return file_ != nullptr; }
    TIFF* get() const { return file_.get(); }
    /// The first thing that libtiff said about what is wrong; "" if nothing.
    const std::string& fault() const { return fault_; }

    /// Throws what reading the file threw, if it did.
    void rethrow() const;

    /// Of a field that has a default, or is always there.
    std::uint16_t short_of(std::uint32_t tag) const;
    std::uint32_t long_of(std::uint32_t tag) const;
    /// Of a field of bytes that may be missing; empty then.
    Bytes block_of(std::uint32_t tag) const;

    struct Input {
        const PictureBytes* file;
        std::uint64_t at = 0;
        std::exception_ptr thrown{};
    };

  private:
    struct Close {
        void operator()(TIFF* file) const { TIFFClose(file); }
    };
    static int keep_fault(TIFF* file, void* user, const char* module, const char* format, va_list values);

    Input input_;
    std::string fault_;
    std::unique_ptr<TIFF, Close> file_;
};

}  // namespace shadenet
