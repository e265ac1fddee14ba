// What a run keeps besides its history where it is asked to: histograms.csv (--histograms) and event files
// (--tensorboard).
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "model/architecture.h"
#include "model/parameters.h"
#include "train/event_log.h"
#include "train/histogram_log.h"
#include "train/norm_histogram.h"
#include "train/options.h"
#include "train/run_folder.h"
#include "train/trainer.h"

namespace shadenet {

class Device;
class DataSet;

class RunLogs {
  public:
    /// Writes nothing yet. `options`, `folder` and `pictures`, the training pictures, must outlive this.
    /// Throws InputError when the device cannot bind the feature maps that are to be measured.
    RunLogs(const Device& device, const TrainOptions& options, const RunFolder& folder,
            const DataSet& pictures, const Parameters& parameters);

    /// Begins the files, or those of a run that goes on. Throws InputError for a file of another kind,
    /// WorkError.
    void begin(std::uint32_t epochs_done, std::uint64_t steps_done);
    /// At the end of an epoch. Throws WorkError.
    void add_epoch(const EpochRecord& record, const Parameters& parameters);
    /// Of a step within an epoch. Throws WorkError.
    void add_validation(const ValidationRecord& record);
    /// The first training pictures of `kind`, "before" or "after", which images/ holds by now, as the results
    /// of step `step`. Throws WorkError.
    void add_pictures(const char* kind, std::uint64_t step);

  private:
    const TrainOptions& options_;
    const RunFolder& folder_;
    const DataSet& pictures_;
    std::optional<NormHistograms> histograms_;
    std::optional<HistogramLog> histogram_log_;
    std::optional<EventLog> event_log_;
};

}  // namespace shadenet
