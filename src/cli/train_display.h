// What `shadenet train` shows while it runs.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cli/progress_bar.h"
#include "statistics/health.h"
#include "statistics/quality_file.h"
#include "task/test_results.h"
#include "train/logs/floor.h"
#include "train/run.h"

namespace shadenet {

class Device;

struct DisplayOptions {
    bool quiet = false;         ///< warnings, errors and the summary only
    bool verbose = false;       ///< every channel of every norm layer, and lines that stay on a terminal too
    bool device_asked = false;  ///< the user named the device: a slow one is no surprise
    std::vector<std::string> rank_lines{};  ///< who has which, where several ranks share the run
};

class TrainDisplay : public RunObserver {
  public:
    /// The references must outlive the display.
    TrainDisplay(const TrainOptions& options, const Device& device, DisplayOptions display);
    ~TrainDisplay() override;

    void on_note(const std::string& note) override;
    void on_warning(const std::string& warning) override;
    void on_floor_progress(std::uint32_t done, std::uint32_t pairs) override;
    void on_begin(const RunBegin& begin) override { steps_done_ = begin.steps_done; }
    void on_start(const RunStart& start) override;
    void on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) override;
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;
    void on_validation(const ValidationRecord& record) override;
    void on_floor(const Floor& floor) override { floor_ = floor; }
    void on_test(const TestResults& results) override { test_ = results; }
    void on_solve_progress(std::uint32_t done, std::uint32_t parts) override;
    void on_solved(const Solution& solution) override;
    /// Judges the results, checks the network's health, and writes quality.json and health.json into the run
    /// folder. A run is worth more than that: a failure is said, and no more.
    void on_results(const RunResults& results) override;

    /// The last words: results and what to do with them, or how to go on after a stop.
    void summary(RunEnd end, bool has_report);
    bool has_started() const { return started_; }

  private:
    double seconds() const;
    void show_progress(double epochs_done, std::uint32_t epoch);
    void show_epoch(const EpochRecord& record) const;
    std::vector<std::string> table(TerminalSize room) const;
    void leave_table();
    const char* floor_label() const;
    void say_stopped() const;
    void show_task(const RunStart& start) const;
    void show_domains(const RunStart& start) const;
    void show_network(const RunStart& start) const;

    const TrainOptions& options_;
    const Device& device_;
    DisplayOptions display_;
    bool in_place_;             ///< epochs are shown in a table that is redrawn
    bool table_shown_ = false;  ///< and it is not left yet
    ProgressBar floor_progress_, progress_, solve_progress_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
    bool started_ = false;
    bool has_tests_ = false;
    std::uint64_t steps_done_ = 0;  ///< of the run
    std::uint32_t steps_per_epoch_ = 1;
    std::optional<EpochRecord> last_;
    std::optional<Floor> floor_;
    std::string solved_;  ///< what came of solving the last layer
    std::optional<BestValidation> best_;
    std::optional<TestResults> test_;
    std::optional<QualityRecord> quality_;
    std::optional<HealthReport> health_;
};

}  // namespace shadenet
