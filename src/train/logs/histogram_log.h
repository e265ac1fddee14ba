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
#include <functional>
#include <vector>

#include "train/logs/norm_histogram.h"
#include "train/logs/run_observer.h"

namespace shadenet {

/// What the norms of a network with these parameters, those of the end of an epoch, work on; nothing where a
/// stop keeps it from being measured.
using MeasureNorms =
    std::function<std::vector<NormHistogram>(const Parameters& parameters, std::uint32_t epoch)>;

/// Writes the file. An epoch's rows reach it in one piece. Beyond 1 GiB no more are kept.
class HistogramLog : public RunObserver {
  public:
    /// Without `measure` there is no file.
    explicit HistogramLog(std::filesystem::path path, MeasureNorms measure = {});

    /// Begins the file anew, or keeps the rows of the epochs that are done, with those of the last where a
    /// stop has left them out. Throws InputError when the file to go on with is none of these, WorkError when
    /// it cannot be written.
    void on_begin(const RunBegin& begin) override;
    /// Throws WorkError when the disk is full or the like; the file then ends with the epoch before.
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;
    std::vector<std::filesystem::path> files() const override { return {path_}; }

    /// What the latest event has measured; empty where that was nothing.
    const std::vector<NormHistogram>& latest() const { return latest_; }

  private:
    void add(const Parameters& parameters, std::uint32_t epoch);

    std::filesystem::path path_;
    MeasureNorms measure_;
    std::uint64_t bytes_ = 0;
    std::vector<NormHistogram> latest_;
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
