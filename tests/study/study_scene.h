// A small study to run, and what is told of it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "study/study.h"
#include "train/train_test_tools.h"

namespace shadenet::test {

/// Remembers what it is told, and asks for a stop after so many steps.
class StudyWatcher : public StudyObserver {
  public:
    explicit StudyWatcher(std::uint32_t stop_after = 0) : stop_after_(stop_after) {}
    void on_run(const StudyRun& run, std::size_t, std::size_t) override {
        runs.push_back(run.name);
        if (before_run) before_run(run);
    }
    void on_run_end(const RunResult& result, const std::string& message) override {
        states.push_back(to_string(result.state));
        if (!message.empty()) messages.push_back(message);
    }
    void on_note(const std::string& note) override { notes.push_back(note); }
    void on_floor_progress(std::uint32_t, std::uint32_t pairs) override { floor_pairs += pairs > 0; }
    void on_start(const RunStart&) override { ++started; }
    void on_step(std::uint32_t, std::uint32_t, std::uint32_t) override {
        if (++steps == stop_after_) stop = true;
    }
    void on_epoch(const EpochRecord&, const Parameters&) override {}

    std::vector<std::string> runs, states, messages, notes;
    std::uint32_t started = 0, steps = 0, floor_pairs = 0;
    std::atomic<bool> stop = false;
    std::function<void(const StudyRun&)> before_run;

  private:
    std::uint32_t stop_after_;
};

/// Three pairs of 9 x 7 for training and two for validation.
class StudyScene {
  public:
    StudyScene() {
        write_pairs(folder.path(), 3, 9, 7);
        write_pairs(folder / "validation", 2, 9, 7);
    }
    /// Two variants, each of 2 epochs with 2 steps. The stack plan's small shaders are compiled soon.
    StudyPlan plan(const char* output) const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.validation_input = folder / "validation/input";
        options.validation_target = folder / "validation/target";
        options.output = folder / output;
        options.network.two_layer.hidden = 2;
        options.network.two_layer.kernel = 1;
        options.plan = PlanKind::stack;
        options.epochs = 2;
        options.batch = 2;
        StudyPlan plan{
            "", options.output, 1, {{{{"norm", "none"}}, options}, {{{"norm", "before"}}, options}}};
        plan.variants[0].options.network.two_layer.norm = NormPlacement::none;
        return plan;
    }
    static RunEnd run(const StudyPlan& plan, StudyWatcher& watcher) {
        return run_study(*ValidatedDevice(), plan, watcher, watcher.stop);
    }
    static RunEnd run(const StudyPlan& plan) {
        StudyWatcher watcher;
        return run(plan, watcher);
    }
    RunEnd resume(const char* output, StudyWatcher& watcher) const {
        return resume_study(*ValidatedDevice(), read_study(folder / output), watcher, watcher.stop);
    }
    static std::string refusal(const StudyPlan& plan) {
        return message_of<InputError>([&] { run(plan); });
    }
    TemporaryFolder folder;
};

}  // namespace shadenet::test
