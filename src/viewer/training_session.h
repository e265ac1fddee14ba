// A training run on a thread of its own, steered from the window's thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/words.h"
#include "model/parameters.h"
#include "train/logs/floor.h"
#include "train/run.h"
#include "viewer/run_story.h"

namespace shadenet {

class Device;

enum class SessionState { loading, paused, running, finished, stopped, failed };
inline constexpr auto session_states =
    words_of<SessionState>("loading", "paused", "running", "finished", "stopped", "failed");

/// The news of a run since the last take_news().
struct RunNews {
    /// Comes once, before the first epoch. The parameters are those that the run begins with.
    struct Start {
        Parameters parameters;
        std::uint32_t examples, steps_per_epoch, epochs_done;
        std::string plan;
        std::optional<double> floor;
        RunStory kept;  ///< of a resumed run: records and states of the earlier epochs
    };
    std::optional<Start> start;
    struct Epoch {
        EpochRecord record;
        Parameters parameters;
    };
    std::vector<Epoch> epochs;
    /// The state of a run that pauses within an epoch.
    struct Rest {
        Parameters parameters;
        std::uint64_t steps_done;
    };
    std::optional<Rest> resting;
    std::optional<std::vector<RateChange>> changes;  ///< all changes of the run, after the user made one
    std::optional<QualityRecord> quality;            ///< of the results, when the run is complete
    std::optional<TestResults> test;                 ///< of labelled pictures, likewise
    std::optional<SolvedEnd> solved;                 ///< the last layer, before the results
    std::vector<std::string> notes;
};

struct RunStatus {
    SessionState state = SessionState::loading;
    std::uint64_t steps_done = 0;
    Rates rates{};
    std::string problem;  ///< why the run failed, in one line
};

class TrainingSession : private RunObserver, private RunControl {
  public:
    /// Returns a message about the finished run.
    using Finish = std::function<std::string(const TrainOptions&)>;

    /// Loads the pictures and then pauses. `at_end` is called on the run's thread when the run's folder is
    /// complete. The device must outlive the session.
    TrainingSession(const Device& device, TrainOptions options, TileChooser choose_tiles, Finish at_end);
    /// Saves the run, and waits for that.
    ~TrainingSession() override;

    // All of these return at once; they take effect between two steps.

    void run() { run_to(std::numeric_limits<std::uint64_t>::max()); }
    /// Pauses when `step` steps are done.
    void run_to(std::uint64_t step);
    void pause() { run_to(0); }
    void one_step() { run_to(status().steps_done + 1); }
    /// Runs to the end of the current epoch, or of the next one.
    void one_epoch();
    /// Saves and ends the run.
    void stop();
    /// The same as stop(), but waits for the end. Throws the error with which the run failed.
    void finish();
    /// Throws InputError for invalid rates.
    void change_rates(const Rates& rates);

    const TrainOptions& options() const { return options_; }
    RunStatus status() const;
    RunNews take_news();

  private:
    void on_note(const std::string& note) override;
    void on_warning(const std::string& warning) override { on_note(warning); }
    void on_floor(const Floor& floor) override { floor_ = floor.loss; }
    void on_start(const RunStart& start) override;
    void on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) override;
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override;
    void on_test(const TestResults& results) override;
    void on_solved(const Solution& solution) override;
    /// Judges the results; a failure is said, and no more.
    void on_results(const RunResults& results) override;
    std::chrono::steady_clock::duration before_step(Trainer& trainer) override;
    void work(const TileChooser& choose_tiles, const Finish& at_end);
    void end(SessionState state, const std::string& problem);

    const Device& device_;
    const TrainOptions options_;
    mutable std::mutex mutex_;  ///< guards the members below
    std::condition_variable changed_;
    RunStatus status_;
    RunNews news_;
    std::uint64_t run_to_ = 0;
    std::uint32_t steps_per_epoch_ = 1;
    std::optional<Rates> wanted_rates_;
    std::exception_ptr failure_;
    std::optional<double> floor_;  ///< of the run's thread alone
    std::atomic<bool> stop_ = false;
    std::thread thread_;  ///< last, so that it begins when all other members exist
};

}  // namespace shadenet
