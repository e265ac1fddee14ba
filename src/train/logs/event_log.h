// What a run tells TensorBoard.
//
// Steps are steps of training. At the end of every epoch: the curves loss/train, loss/validation (where there
// is one), learning_rate, and <norm>/moving_mean/<channel> and <norm>/moving_variance/<channel>; histograms
// of every parameter, parameters/<tensor>, and where they are measured of each norm's values, <norm>/input
// and <norm>/output. At step 0 and at the end: what the network makes of the first training pictures,
// output/<stem>.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include "model/parameters.h"
#include "train/logs/event_file.h"
#include "train/logs/norm_histogram.h"
#include "train/trainer.h"

namespace shadenet {

class EventLog {
  public:
    /// A new event file in the run folder; `steps_done` of a run that goes on. Throws WorkError.
    explicit EventLog(const std::filesystem::path& folder, std::optional<std::uint64_t> steps_done = {});

    /// Of a step within an epoch. Throws WorkError.
    void add_validation(const ValidationRecord& record);

    /// `histograms` may be empty; of them those of all channels together are told. Throws WorkError.
    void add_epoch(const EpochRecord& record, const Parameters& parameters,
                   std::span<const NormHistogram> histograms);
    /// Those of an epoch that was told without them; `step` is its last. Throws WorkError.
    void add_histograms(std::uint64_t step, std::span<const NormHistogram> histograms);

    /// A PNG of the run folder as the result of step `step`. Throws WorkError, and InputError when it cannot
    /// be read.
    void add_picture(std::uint64_t step, const std::string& stem, const std::filesystem::path& png,
                     std::uint32_t width, std::uint32_t height);

    const std::filesystem::path& path() const { return file_.path(); }

  private:
    EventFile file_;
};

/// As TensorBoard takes it: bins from the smallest to the largest value, those outside of the bins in one of
/// their own at either end; the sums are those of the bins' middles.
HistogramSummary summary_of(const std::string& tag, const NormHistogram& histogram);

}  // namespace shadenet
