// Large pictures on their way through a filter: in bands of rows, so that none is ever whole in memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "apply/careful_work.h"
#include "image/picture_file.h"

namespace shadenet {

struct BandOptions {
    std::uint64_t from_bytes = UINT64_MAX;          ///< pictures that would take more memory go in bands
    std::uint32_t reach = 0;                        ///< rows above and below a row that its result depends on
    std::uint64_t pixels = std::uint64_t{1} << 24;  ///< of a band's own rows
    /// Pixels of larger files stay in the file until they are decoded.
    std::uint64_t most_file_bytes = usual_bytes_at_once;
    const std::atomic<bool>* stop = nullptr;  ///< once true, a picture ends at its next band
};

/// Whether the rows of a picture come one by one, and a file of this format takes them so.
bool goes_by_rows(const PictureFacts& facts, FileFormat result);

/// The most memory in bytes that a picture needs from decoding to writing, in bands.
std::uint64_t memory_of_bands(const PictureFacts& facts, const BandOptions& options);

/// Rows with those around them that their results depend on.
struct PictureBand {
    PixelRows pixels;
    std::uint32_t top = 0;               ///< the picture's row that `pixels` begins with
    std::uint32_t first = 0, count = 0;  ///< the band's own rows in `pixels`
};

/// Cuts a picture into bands. Filtered as a picture of its own, a band's own rows become what they are in the
/// whole picture: it ends where the picture ends, or `reach` rows beyond its own.
class BandReader {
  public:
    BandReader(PictureRows& rows, const BandOptions& options);
    /// None after the last. Throws InputError.
    std::optional<PictureBand> next();

  private:
    PictureRows& rows_;
    std::uint32_t height_, reach_, band_rows_;
    std::uint32_t next_ = 0, read_ = 0;  ///< the next band's first own row, and how many rows were read
    PixelRows kept_;                     ///< rows that were read and that the next band has, too
};

/// A picture that is opened, then filtered into a file under a temporary name, then finished.
class PictureInBands {
  public:
    PictureInBands(std::unique_ptr<PictureRows> rows, std::filesystem::path output,
                   const WriteOptions& result, const BandOptions& options);

    FilePicture& about() { return rows_->about(); }
    /// Reads, filters and writes. Nothing else may be under way in the filter. Returns why the filter failed,
    /// or nothing; what fails in reading and writing, finish() tells. Throws Stopped, and as the filter does.
    std::string filter(CarefulFilter& filter);
    /// Gives the file its name. Throws what reading or writing threw.
    Written finish();

  private:
    std::unique_ptr<PictureRows> rows_;
    std::filesystem::path output_;
    WriteOptions result_;
    BandOptions options_;
    std::unique_ptr<PictureWriter> writer_;  ///< after the rows, which it refers to
    std::exception_ptr problem_;
};

/// Reads all rows of a picture that goes by rows, only to see whether they are sound. Throws InputError, and
/// Stopped once `stop` is true.
void read_through(PictureReader& reader, const std::atomic<bool>& stop);

}  // namespace shadenet
