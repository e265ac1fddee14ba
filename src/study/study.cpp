#include "study/study.h"

#include <exception>
#include <new>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "data/checked_pairs.h"
#include "engine/tensors/smaller.h"
#include "report/report.h"
#include "statistics/trained_health.h"
#include "statistics/trained_quality.h"
#include "study/study_page.h"
#include "train/run_folder.h"

namespace shadenet {

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

/// Passes on what a run tells, remembers whether it has begun, and in the end checks its health and how good
/// it is.
class RunWatch : public RunObserver {
  public:
    RunWatch(const Device& device, RunObserver& observer) : device_(device), observer_(observer) {}
    bool begun() const { return begun_; }

    void on_note(const std::string& note) override { observer_.on_note(note); }
    void on_warning(const std::string& warning) override { observer_.on_warning(warning); }
    void on_floor_progress(std::uint32_t done, std::uint32_t pairs) override {
        observer_.on_floor_progress(done, pairs);
    }
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
    void on_floor(const Floor& floor) override { observer_.on_floor(floor); }
    void on_results(const RunResults& results) override {
        attempt(observer_, "health check of the run", [&] { check_and_keep(device_, results); });
        attempt(observer_, "quality of the run", [&] { judge_and_keep(device_, results); });
        observer_.on_results(results);
    }

  private:
    const Device& device_;
    RunObserver& observer_;
    bool begun_ = false;
};

/// Throws InputError where the pictures of all runs cannot be read, whatever size they are to have.
void require_pictures(const TrainOptions& options) {
    if (options.learns_classes()) return;  // each run reads them all
    const SizeRule any_size{SizeRule::Kind::squares, 1};
    check_pairs(options.training_domains(), any_size);
    check_pictures(options.test);
    if (!options.validation_input.empty()) {
        check_pairs(options.validation_input, options.validation_target, any_size);
    }
}

class Study {
  public:
    Study(const Device& device, StudyRecord record, StudyObserver& observer, const std::atomic<bool>& stop,
          const TileChooser& chooser)
        : device_(device), record_(std::move(record)), observer_(observer), stop_(stop), chooser_(chooser) {}

    RunEnd execute() {
        is_new_ = !holds_study(record_.plan.folder);
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
    bool is_first(const StudyRun& run) const { return is_new_ && run.variant == 0 && run.repeat == 0; }
    RunEnd make(const StudyRun& run);
    RunEnd try_run(const StudyRun& run, std::string& message);
    RunEnd train(const StudyRun& run);
    void publish();

    const Device& device_;
    StudyRecord record_;
    StudyResult result_;  ///< a run's part is read at the begin, and again when the run is over
    StudyObserver& observer_;
    const std::atomic<bool>& stop_;
    const TileChooser& chooser_;
    bool is_new_ = false;
};

RunEnd Study::make(const StudyRun& run) {
    const bool ended = record_.ended.contains(run.name) && RunPaths(run.options.output).holds_run();
    if (stop_ && !ended) return RunEnd::stopped;
    std::string message;
    RunEnd end = RunEnd::finished;
    if (!ended) {
        end = try_run(run, message);
        write_study(record_);
        if (RunPaths(run.options.output).holds_run()) {
            attempt(observer_, "report of the run", [&] { write_report(run.options.output); });
        }
        read_again(result_, run, record_);
        publish();
    }
    observer_.on_run_end(result_.variants[run.variant].runs[run.repeat], message);
    return end;
}

/// Notes how the run ends, and in `message` why. What other runs could not do better with is thrown.
RunEnd Study::try_run(const StudyRun& run, std::string& message) {
    record_.ended.erase(run.name);
    record_.failed.erase(run.name);
    try {
        const RunEnd end = train(run);
        if (end == RunEnd::finished) record_.ended[run.name] = RunState::finished;
        return end;
    } catch (const BadResult& error) {
        message = error.what();
        record_.ended[run.name] = RunState::diverged;
        return RunEnd::finished;
    } catch (const OutOfDeviceMemory& error) {
        message = error.what();
    } catch (const std::bad_alloc&) {
        message = fmt::format("the computer has too little free memory; use {}", smaller_pictures);
    } catch (const InputError& error) {
        if (is_first(run)) throw;
        require_pictures(run.options);
        message = error.what();
    }
    record_.failed[run.name] = message;
    return RunEnd::finished;
}

RunEnd Study::train(const StudyRun& run) {
    TrainOptions options = run.options;
    options.resume = RunPaths(options.output).holds_run();
    RunWatch watch(device_, observer_);
    try {
        return run_training(device_, options, watch, stop_, chooser_);
    } catch (const InputError&) {
        std::error_code ignored;
        // What the first run is refused for, its pictures above all, no other could do better with.
        const bool nothing_begun = is_first(run) && !watch.begun() && !options.resume;
        if (nothing_begun) fs::remove(study_file(record_.plan.folder), ignored);
        throw;
    }
}

void Study::publish() {
    attempt(observer_, "summary of the study", [&] { write_summary(result_); });
    attempt(observer_, "report of the study", [&] { write_study_page(result_); });
}

}  // namespace

RunEnd run_study(const Device& device, const StudyPlan& plan, StudyObserver& observer,
                 const std::atomic<bool>& stop, const TileChooser& choose_tiles) {
    validate(plan);
    // Taken back where the first run is refused.
    const RunFolder folder(plan.folder, false, "filled");
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
    const RunFolder folder(record.plan.folder, true, "filled");
    return Study(device, record, observer, stop, choose_tiles).execute();
}

}  // namespace shadenet
