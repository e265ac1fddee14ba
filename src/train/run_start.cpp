// The start of a run: its first files, or the state of an old one.
#include <exception>
#include <system_error>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "data/picture_set.h"
#include "task/rank_order.h"
#include "train/prepared_run.h"
#include "train/resume.h"
#include "train/run_inputs.h"

namespace shadenet {

namespace {

/// Removes what was made of pictures that the run no longer has. What tells of the epochs that are done
/// stays, for that is how they were.
void remove_derived(const PreparedRun& run) {
    std::vector<fs::path> stale = {run.folder.health(), run.folder.quality(), run.folder.test()};
    if (run.change.validation) stale.push_back(run.folder.best());
    if (run.change.training) {
        for (const RunData* const data : {&run.replaced, &run.options.data}) {
            const std::vector<fs::path> results = run.task->results_of(*data);
            stale.insert(stale.end(), results.begin(), results.end());
        }
        stale.push_back(run.folder.floor());
    }
    RunFolder::remove(stale, "was made of other pictures, and", "remove it");
}

/// Of a resumed run with other pictures. config.json is written after this: a run that is killed meanwhile
/// begins again here.
void renew(const PreparedRun& run) {
    remove_derived(run);
    run.trainer->save_checkpoint(run.folder.checkpoint());
    run.observer.on_note(
        fmt::format("from epoch {} on the run has other pictures{}{}; what was made of those before "
                    "is made anew{}",
                    run.trainer->epochs_done() + 1, run.changed.empty() ? "" : ": ", run.changed,
                    run.change.validation ? ", and no validation of before counts" : ""));
}

void restore(const PreparedRun& run) {
    run.trainer->restore_checkpoint(run.folder.checkpoint(), run.change);
    const std::uint32_t epochs = run.options.epochs, done = run.trainer->epochs_done();
    if (epochs < done) {
        throw InputError(fmt::format("--epochs is {}, and the run in {} has done {}; use {} or more", epochs,
                                     run.options.output.string(), done, done));
    }
    if (run.change.any()) renew(run);
}

/// What is odd about the epochs that are to come; empty mostly.
std::string odd_end(const PreparedRun& run) {
    const TrainOptions& options = run.options;
    const Trainer& trainer = *run.trainer;
    if (trainer.epochs_done() == options.epochs) {
        return fmt::format("{}: this run is finished, with {} epochs done; give more --epochs to go on",
                           options.output.string(), options.epochs);
    }
    if (trainer.ended_early()) {
        return fmt::format("{}: this run ended early: {}; give a larger --early-stop to go on",
                           options.output.string(), early_end(trainer.early_stop(), options));
    }
    const std::uint64_t last_step = std::uint64_t{options.epochs} * trainer.steps_per_epoch() - 1;
    if (options.learning_rate(last_step) != 0.0f) return "";
    const bool freezes = options.freeze_norm != 0 && options.freeze_norm.epoch() <= options.epochs;
    const bool norms_move = has_norm(run.network) && !freezes;
    return fmt::format("the schedule ({}) ends before the run does: the learning rate is 0 then, and {}",
                       describe(options.schedule),
                       norms_move ? "only the moving statistics go on changing" : "nothing changes any more");
}

void tell_start(PreparedRun& run, const Parameters& parameters) {
    const Task& task = *run.task;
    const TaskCounts counts = task.counts();
    run.logs->tell(&RunObserver::on_start,
                   {.parameters = parameters,
                    .counts = counts,
                    .width = task.examples().input_shape().w,
                    .height = task.examples().input_shape().h,
                    .crops = run.options.takes_crops() ? run.options.crops : 0,
                    .steps_per_epoch = run.trainer->steps_per_epoch(),
                    .epochs_done = run.trainer->epochs_done(),
                    .plan = run.plan,
                    .feature_maps = run.trainer->feature_maps(),
                    .options = run.options,
                    .domain_pairs = run.options.domains.empty() ? std::vector<std::uint32_t>()
                                                                : task.pairs()->training.domain_sizes(),
                    .best = run.trainer->early_stop().best});
}

}  // namespace

std::string pictures_text(const RunStart& start) {
    const auto& [training, validation, test, classes] = start.counts;
    const char* mirrored = start.options.flip ? ", half of them mirrored" : "";
    std::string text = counted(training, classes > 0 ? "picture" : "pair");
    if (start.crops == 0) {
        text += fmt::format(" of {} x {}", start.width, start.height);
    } else {
        text += fmt::format(", {} of {} x {} of each{}", counted(start.crops, "crop"), start.width,
                            start.height, mirrored);
    }
    if (classes > 0) text += fmt::format(" in {} classes{}", classes, mirrored);
    const std::uint32_t pad = start.options.crop_pad;
    if (pad > 0) text += fmt::format(", moved by up to {}", counted(pad, "pixel"));
    if (validation > 0) text += fmt::format(", {} for validation", validation);
    if (test > 0) text += fmt::format(", {} to test on", test);
    return text;
}

void PreparedRun::start() {
    if (options.resume) {
        restore(*this);
    } else {
        folder.remove_earlier();
        trainer->save_checkpoint(folder.checkpoint());
    }
    const Parameters parameters = trainer->parameters();
    std::vector<std::string> notes;
    logs->tell(&RunObserver::on_begin, {.parameters = parameters,
                                        .resumed = options.resume,
                                        .epochs_done = trainer->epochs_done(),
                                        .steps_done = trainer->steps_done(),
                                        .steps_per_epoch = trainer->steps_per_epoch(),
                                        .notes = notes});
    write_file_atomically(folder.config(), config());
    tell_start(*this, parameters);
    if (const std::string odd = odd_end(*this); !odd.empty()) notes.push_back(odd);
    for (const std::string& note : notes) observer.on_note(note);
    LedWork led(shares.group(), RankOrder::Kind::publish_untrained);
    task->publish_untrained(
        network, [&] { return untrained_parameters(options, folder.epochs()); }, options.resume, *logs);
    led.done();
}

void PreparedRun::remove_started() const noexcept {
    try {
        std::vector<fs::path> files = logs->files();
        for (const fs::path& result : task->untrained_results()) files.push_back(result);
        files.insert(files.end(), {folder.config(), folder.checkpoint(), folder.best()});
        std::error_code ignored;
        for (const fs::path& file : files) fs::remove(file, ignored);
        // It stays where something else is in it.
        if (fs::is_directory(folder.images(), ignored)) fs::remove(folder.images(), ignored);
    } catch (const std::exception&) {
        // What made the run fail is what matters.
    }
}

}  // namespace shadenet
