// histograms.csv: how the values before and after the norm layers of a run are distributed, epoch by epoch.
//
// One row for each histogram, with the columns
//   epoch, layer ("bn1"), side ("input" or "output"), channel (from 0, or "all"),
//   least, greatest      of the finite values
//   not_finite           how many values are NaN or infinite
//   low, high            the ends of 64 bins of one width: bin i begins at low + (high − low)·i/64
//   below, above         finite values outside of the bins
//   count.0 … count.63   a value on an edge is in the bin above it, and on the last edge in the last bin
// An epoch's rows stand together, each layer's input before its output, all channels before the single ones.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "train/logs/norm_histogram.h"

namespace shadenet {

/// The file of a run that goes on.
class HistogramLog {
  public:
    /// Begins the file anew, or with `epochs_done` above 0 keeps its rows up to that epoch: a run that was
    /// killed may have written rows that its checkpoint knows nothing of. Throws InputError when the file to
    /// go on with is none of these, WorkError when it cannot be written.
    explicit HistogramLog(std::filesystem::path path, std::uint32_t epochs_done = 0);

    /// Those of an epoch, which reach the file in one piece. Beyond 1 GiB no more are kept. Throws WorkError
    /// when the disk is full or the like; the file then ends with the epoch before.
    void add(std::span<const NormHistogram> histograms);
    /// The last epoch in the file; 0 where there is none.
    std::uint32_t last_epoch() const { return last_epoch_; }

  private:
    std::filesystem::path path_;
    std::uint64_t bytes_;
    std::uint32_t last_epoch_ = 0;
};

/// What there is to show of a file.
struct HistogramHistory {
    std::vector<NormHistogram> layers;    ///< all channels together, of every epoch
    std::vector<NormHistogram> channels;  ///< one by one, of the last epoch
};

/// A last line without its end, which a killed process or a full disk leaves, is passed over. Throws
/// InputError "<path>: ..." when there is no such file, its columns are others, a row is damaged, or it has
/// more than 1 GiB.
HistogramHistory read_histograms(const std::filesystem::path& path);

}  // namespace shadenet
