// What `shadenet study` shows while it runs.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>

#include "cli/progress_bar.h"
#include "cli/train_display.h"
#include "study/study.h"

namespace shadenet {

class StudyDisplay : public StudyObserver {
  public:
    /// The references must outlive the display.
    StudyDisplay(const StudyPlan& plan, const DeviceInfo& device, std::string reason, DisplayOptions display);

    void on_run(const StudyRun& run, std::size_t index, std::size_t count) override;
    void on_run_end(const RunResult& result, const std::string& message) override;
    void on_note(const std::string& note) override;
    void on_warning(const std::string& warning) override;
    void on_floor_progress(std::uint32_t done, std::uint32_t pairs) override;
    void on_start(const RunStart& start) override;
    void on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) override;
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;

    /// The last words: what was found, and where it is, or how to go on after a stop.
    void summary(const StudyResult& result, RunEnd end);

  private:
    void show_task(const RunStart& start) const;
    /// `epochs` of the run at hand are done.
    void show_progress(double epochs);

    const StudyPlan& plan_;
    const DeviceInfo& device_;
    std::string reason_;
    DisplayOptions display_;
    ProgressBar progress_;
    std::optional<ProgressBar> floor_progress_;  ///< of the run at hand, until its floor is found
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    std::set<std::string> notes_;  ///< said already; all runs have the same pictures
    StudyRun run_;
    std::size_t index_ = 0, count_ = 0;
    double epochs_before_ = 0, epochs_in_all_ = 0;  ///< without those of runs that were over before
    bool started_ = false;
    bool begun_ = false;  ///< the run at hand
};

}  // namespace shadenet
