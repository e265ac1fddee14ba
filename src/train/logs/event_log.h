// What a run tells TensorBoard.
//
// Steps are steps of training. At the end of every epoch: the curves loss/train, loss/validation (where there
// is one), of labelled pictures accuracy/train and accuracy/validation, learning_rate, and
// <norm>/moving_mean/<channel> and <norm>/moving_variance/<channel>; histograms of every parameter,
// parameters/<tensor>, and where they are measured of each norm's values, <norm>/input and <norm>/output. At
// step 0 and at the end: what the network makes of the first training pictures, output/<stem>.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/logs/event_file.h"
#include "train/logs/norm_histogram.h"
#include "train/logs/run_observer.h"

namespace shadenet {

class EventLog : public RunObserver {
  public:
    /// `histograms`, of an epoch's values, are there before the epoch is told, and may be empty; of them
    /// those of all channels together are told. They must outlive the log.
    EventLog(std::filesystem::path folder, const std::vector<NormHistogram>& histograms);

    /// A new event file in the run folder, also for a run that goes on. Throws WorkError, as what follows
    /// does.
    void on_begin(const RunBegin& begin) override;
    void on_validation(const ValidationRecord& record) override;
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;
    /// Throws InputError for a picture that cannot be read.
    void on_pictures(const std::vector<PublishedPicture>& pictures, std::uint64_t step) override;
    std::vector<std::filesystem::path> files() const override;

  private:
    std::filesystem::path folder_;
    const std::vector<NormHistogram>& histograms_;
    std::optional<EventFile> file_;
    std::uint64_t begun_at_ = 0;  ///< step
    std::uint32_t steps_per_epoch_ = 1;
};

/// As TensorBoard takes it: bins from the smallest to the largest value, those outside of the bins in one of
/// their own at either end; the sums are those of the bins' middles.
HistogramSummary summary_of(const std::string& tag, const NormHistogram& histogram);

}  // namespace shadenet
