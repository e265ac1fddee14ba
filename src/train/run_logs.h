// What a run keeps besides its history where it is asked to: histograms.csv (--histograms) and event files
// (--tensorboard).
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "train/logs/event_log.h"
#include "train/logs/histogram_log.h"
#include "train/logs/norm_histogram.h"
#include "train/options.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace shadenet {

class Device;
class PicturePairs;

class RunLogs {
  public:
    /// Writes nothing yet. `options`, `folder` and `pictures`, the training pictures, must outlive this.
    /// Throws InputError when the device cannot bind the feature maps that are to be measured.
    RunLogs(const Device& device, const TrainOptions& options, const RunFolder& folder,
            const PicturePairs& pictures, const Parameters& parameters);

    /// Begins the files, or those of a run that goes on, with the histograms of its last epoch where they
    /// were stopped. Throws InputError for a file of another kind, WorkError.
    void begin(const Trainer& trainer, const std::atomic<bool>& stop);
    /// The event file of this run; empty without one.
    std::filesystem::path event_file() const { return event_log_ ? event_log_->path() : ""; }

    /// At the end of an epoch. Its histograms are left out once `stop` is true: begin() makes them when the
    /// run goes on. Throws WorkError.
    void add_epoch(const EpochRecord& record, const Parameters& parameters, const std::atomic<bool>& stop);
    /// Of a step within an epoch. Throws WorkError.
    void add_validation(const ValidationRecord& record);
    /// The first training pictures of `kind`, "before" or "after", which images/ holds by now, as the results
    /// of step `step`. Throws WorkError.
    void add_pictures(const char* kind, std::uint64_t step);

  private:
    std::vector<NormHistogram> measured(const Parameters& parameters, std::uint32_t epoch,
                                        const std::atomic<bool>& stop);

    const TrainOptions& options_;
    const RunFolder& folder_;
    const PicturePairs& pictures_;
    std::optional<NormHistograms> histograms_;
    std::optional<HistogramLog> histogram_log_;
    std::optional<EventLog> event_log_;
};

}  // namespace shadenet
