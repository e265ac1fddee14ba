// Decoding a picture row after row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "image/codecs.h"
#include "image/upright.h"

namespace shadenet {

class RowDecoder {
  public:
    virtual ~RowDecoder() = default;
    /// Samples of a pixel: 3, or 4, the last of which is alpha where the picture has any.
    virtual std::size_t channels() const = 0;
    /// The next row, in samples of 8 or 16 bits as PictureFacts says. Throws InputError when it is damaged.
    virtual void read(void* row) = 0;
    /// Checks what follows the last row. Throws InputError likewise.
    virtual void finish() {}
};

/// A picture whose rows are still to come.
struct OpenedPicture {
    FilePicture about;  ///< all but pixels
    std::unique_ptr<RowDecoder> rows;
};

/// The file that `file` refers to must outlive the decoder. Each throws InputError when it is damaged. Of a
/// PNG that is not interlaced, and a TIFF whose samples are taken as they are.
OpenedPicture open_png(const FileToDecode& file);
OpenedPicture open_jpeg(const FileToDecode& file);
OpenedPicture open_tiff(const FileToDecode& file);

/// Brings the next rows to rows `first` to first + count − 1 of a canvas. `width`: of the file's rows.
template <class Sample>
void read_rows(RowDecoder& decoder, std::uint32_t width, UprightPicture<Sample>& canvas, std::uint32_t first,
               std::uint32_t count) {
    const std::size_t channels = decoder.channels();
    std::vector<Sample> samples(channels * width);
    for (std::uint32_t y = first; y < first + count; ++y) {
        Sample* direct = channels == 3 ? canvas.row(y) : nullptr;
        decoder.read(direct != nullptr ? direct : samples.data());
        if (direct == nullptr) canvas.put(y, samples.data(), width, channels);
    }
}

/// The whole picture, upright.
FilePicture decode_all_rows(OpenedPicture opened, const FileToDecode& file);

}  // namespace shadenet
