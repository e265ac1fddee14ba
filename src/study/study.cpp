#include "study/study.h"

#include <exception>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "report/report.h"
#include "statistics/trained_health.h"
#include "study/study_page.h"
#include "train/run_folder.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// A run is worth more than what tells of it, which can be made again: a failure is said, and no more.
template <typename Work>
void attempt(RunObserver& observer, const char* what, const Work& work) {
    try {
        work();
    } catch (const std::exception& error) {
        observer.on_note(fmt::format("no {} was written: {}", what, error.what()));
    }
}

/// Passes on what a run tells, remembers whether it has begun, and checks its health in the end.
class RunWatch : public RunObserver {
  public:
    RunWatch(const Device& device, RunObserver& observer) : device_(device), observer_(observer) {}
    bool begun() const { return begun_; }

    void on_note(const std::string& note) override { observer_.on_note(note); }
    void on_start(const RunStart& start) override {
        begun_ = true;
        observer_.on_start(start);
    }
    void on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) override {
        observer_.on_step(epoch, step, steps_per_epoch);
    }
    void on_epoch(const EpochRecord& record, const Parameters& parameters) override {
        observer_.on_epoch(record, parameters);
    }
    void on_validation(const ValidationRecord& record) override { observer_.on_validation(record); }
    void on_floor_reached(const Floor& floor) override { observer_.on_floor_reached(floor); }
    void on_results(const RunResults& results) override {
        attempt(observer_, "health check of the run", [&] { check_and_keep(device_, results); });
        observer_.on_results(results);
    }

  private:
    const Device& device_;
    RunObserver& observer_;
    bool begun_ = false;
};

bool holds_run(const fs::path& folder) {
    std::error_code ignored;
    return fs::exists(folder / "config.json", ignored);
}

class Study {
  public:
    Study(const Device& device, StudyRecord record, StudyObserver& observer, const std::atomic<bool>& stop,
          const TileChooser& chooser)
        : device_(device), record_(std::move(record)), observer_(observer), stop_(stop), chooser_(chooser) {}

    RunEnd execute() {
        write_study(record_);
        result_ = results_of(record_);
        const std::vector<StudyRun> runs = runs_of(record_.plan);
        RunEnd end = RunEnd::finished;
        for (std::size_t i = 0; i < runs.size() && end == RunEnd::finished; ++i) {
            observer_.on_run(runs[i], i, runs.size());
            end = make(runs[i]);
        }
        publish();
        return end;
    }

  private:
    RunEnd make(const StudyRun& run);
    RunEnd train(const StudyRun& run);
    void publish();

    const Device& device_;
    StudyRecord record_;
    StudyResult result_;  ///< a run's part is read at the begin, and again when the run is over
    StudyObserver& observer_;
    const std::atomic<bool>& stop_;
    const TileChooser& chooser_;
};

RunEnd Study::make(const StudyRun& run) {
    const bool ended = record_.ended.contains(run.name) && holds_run(run.options.output);
    if (stop_ && !ended) return RunEnd::stopped;
    std::string message;
    RunEnd end = RunEnd::finished;
    if (!ended) {
        record_.ended.erase(run.name);
        try {
            end = train(run);
            if (end == RunEnd::finished) record_.ended[run.name] = RunState::finished;
        } catch (const BadResult& error) {
            message = error.what();
            record_.ended[run.name] = RunState::diverged;
        }
        write_study(record_);
        attempt(observer_, "report of the run", [&] { write_report(run.options.output); });
        read_again(result_, run, record_);
        publish();
    }
    observer_.on_run_end(result_.variants[run.variant].runs[run.repeat], message);
    return end;
}

RunEnd Study::train(const StudyRun& run) {
    TrainOptions options = run.options;
    options.resume = holds_run(options.output);
    RunWatch watch(device_, observer_);
    try {
        return run_training(device_, options, watch, stop_, chooser_);
    } catch (const InputError& error) {
        std::error_code ignored;
        const bool first = run.variant == 0 && run.repeat == 0;
        // What the first run is refused for, its pictures above all, no other could do better with.
        if (first && !watch.begun() && !options.resume) fs::remove(study_file(record_.plan.folder), ignored);
        throw InputError(first ? error.what() : fmt::format("{}: {}", run.name, error.what()));
    }
}

void Study::publish() {
    write_summary(result_);
    attempt(observer_, "report of the study", [&] { write_study_page(result_); });
}

}  // namespace

RunEnd run_study(const Device& device, const StudyPlan& plan, StudyObserver& observer,
                 const std::atomic<bool>& stop, const TileChooser& choose_tiles) {
    validate(plan);
    // Taken back where the first run is refused.
    const RunFolder folder(plan.folder);
    const char* const found = holds_study(plan.folder) ? "study" : folder.holds_run() ? "run" : nullptr;
    if (found != nullptr) {
        const char* const use = holds_study(plan.folder) ? "go on with it by --resume, or give" : "give";
        throw InputError(
            fmt::format("{}: holds a {} already; {} another --output", plan.folder.string(), found, use));
    }
    return Study(device, {plan, {}}, observer, stop, choose_tiles).execute();
}

RunEnd resume_study(const Device& device, const StudyRecord& record, StudyObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles) {
    validate(record.plan);
    return Study(device, record, observer, stop, choose_tiles).execute();
}

}  // namespace shadenet
