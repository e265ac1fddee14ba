#include "train/run.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "group/values.h"
#include "model/model_file.h"
#include "task/rank_order.h"
#include "train/prepared_run.h"
#include "train/set_scorer.h"
#include "train/solve.h"

namespace shadenet {

namespace {

using RunClock = std::chrono::steady_clock;

constexpr std::chrono::seconds between_checkpoints{5};
/// An epoch that takes long is interrupted for a checkpoint this often.
constexpr std::chrono::seconds within_an_epoch{60};

/// The epochs of a run: steps, checkpoints and what is told of them.
class TrainingLoop {
  public:
    /// The run must outlive the loop; `control` may be null.
    TrainingLoop(PreparedRun& run, RunControl* control);

    /// Trains on. True when all epochs are done, or those that were to be; false when stopped. Throws as
    /// Trainer::run_epoch() and the observers do.
    bool train();
    /// An epoch is done, or some of its steps are saved.
    bool has_learned() const { return has_learned_; }

  private:
    std::optional<EpochRecord> train_epoch();
    /// Of the end of the epoch, by the sets' statistics and by the moving ones, where that is asked for.
    /// Nothing when the run is to stop.
    std::optional<std::vector<SetScores>> score_sets();
    void let_steer();
    void take_validation(const ValidationRecord& record);
    void save();
    void save_best();

    PreparedRun& run_;
    Trainer& trainer_;
    RunControl* control_;
    std::vector<std::unique_ptr<SetScorer>> scorers_;
    bool has_learned_ = false;
    std::optional<Model> best_;             ///< where the file does not hold it yet
    std::optional<std::uint64_t> steered_;  ///< the step that the control was last asked before
    std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
};

TrainingLoop::TrainingLoop(PreparedRun& run, RunControl* control)
    : run_(run), trainer_(*run.trainer), control_(control) {
    trainer_.on_validation([this](const ValidationRecord& record) { take_validation(record); });
    if (!run.options.evaluate_both) return;
    for (const ScoredSet& set : sets_to_score(*run.task)) {
        scorers_.push_back(std::make_unique<SetScorer>(run.device, run.network, trainer_.parameters(), set,
                                                       run.task->loss()));
    }
}

bool TrainingLoop::train() {
    if (run_.done()) return true;
    while (!run_.done()) {
        if (std::optional<EpochRecord> record = train_epoch()) {
            std::optional<std::vector<SetScores>> sets = score_sets();
            // No checkpoint of an epoch whose scores are missing: a resumed run comes to its end again.
            if (!sets) return false;
            has_learned_ = true;
            record->sets = std::move(*sets);
            run_.logs->tell(&RunObserver::on_epoch, *record, trainer_.epoch_parameters());
        }
        if (run_.done() || run_.stop || RunClock::now() - saved_ >= between_checkpoints) save();
        if (run_.stop && !run_.done()) return false;
    }
    if (trainer_.epochs_done() < run_.options.epochs) {
        run_.observer.on_note(
            fmt::format("the run ends early: {}", early_end(trainer_.early_stop(), run_.options)));
    }
    return true;
}

/// Returns nothing when the run is to stop, and also when the epoch has been interrupted for a checkpoint.
std::optional<EpochRecord> TrainingLoop::train_epoch() {
    let_steer();
    std::atomic<bool> pause = run_.stop.load();
    const std::uint32_t epoch = trainer_.epochs_done() + 1, steps = trainer_.steps_per_epoch();
    const auto on_step = [&](std::uint32_t step) {
        run_.logs->tell(&RunObserver::on_step, epoch, step, steps);
        if (step < steps) let_steer();
        pause = run_.stop || RunClock::now() - saved_ >= within_an_epoch;
    };
    try {
        return trainer_.run_epoch(pause, on_step);
    } catch (const BadResult&) {
        save_best();  // what came before the end is still worth having
        throw;
    }
}

std::optional<std::vector<SetScores>> TrainingLoop::score_sets() {
    std::vector<SetScores> scores;
    try {
        for (const auto& scorer : scorers_) {
            scores.push_back(scorer->scores(trainer_.epoch_parameters(), run_.stop));
        }
    } catch (const Stopped&) {
        return std::nullopt;
    }
    return scores;
}

void TrainingLoop::let_steer() {
    // An epoch that was interrupted for a checkpoint is at a step that was asked about already.
    if (control_ == nullptr || steered_ == trainer_.steps_done()) return;
    steered_ = trainer_.steps_done();
    trainer_.has_rested(control_->before_step(trainer_));
    if (run_.options.changes == trainer_.options().changes) return;
    run_.options.changes = trainer_.options().changes;
    write_file_atomically(run_.folder.config(), run_.config());
}

void TrainingLoop::take_validation(const ValidationRecord& record) {
    if (record.best) best_ = run_.model();
    run_.logs->tell(&RunObserver::on_validation, record);
}

void TrainingLoop::save_best() {
    if (best_) write_model(run_.folder.best(), *best_);
    best_.reset();
}

/// The best model first: a run that is killed in between goes on from the checkpoint before, and comes to the
/// same best one again.
void TrainingLoop::save() {
    save_best();
    trainer_.save_checkpoint(run_.folder.checkpoint());
    has_learned_ = true;
    saved_ = RunClock::now();
}

/// Solves the model's last layer, where the run is to and the network has such a layer, and says what came of
/// it. True where the solved one is kept.
bool solve(const PreparedRun& run, Model& model, std::uint64_t steps) {
    const std::optional<PairSets> pairs = run.task->pairs();
    if (!run.options.solve || !pairs) return false;
    const auto left_alone = [&](const std::string& why) {
        run.observer.on_note(fmt::format("the last layer is left as trained: {}", why));
        return false;
    };
    if (!run.options.domains.empty()) return left_alone("streams share it, and each has its own statistics");
    Group& group = run.shares.group();
    LedWork led(group, {.kind = RankOrder::Kind::solve, .frozen = model.frozen ? 1u : 0u});
    broadcast_values(group, model.parameters.places());
    std::string why_not;
    const std::optional<Solution> solution = solve_last_layer(
        run.device,
        {.network = model.network,
         .parameters = model.parameters,
         .training = pairs->training,
         .validation = pairs->validation,
         .frozen = model.frozen},
        why_not, {.stop = &run.stop, .on_progress = [&](std::uint32_t done, std::uint32_t parts) {
                      run.observer.on_solve_progress(done, parts);
                  }});
    led.done();
    if (!solution) return !why_not.empty() && left_alone(why_not);
    run.observer.on_solved(*solution);
    if (!solution->kept) return false;
    model.parameters = solution->parameters;
    model.solved = {steps, solution_text(*solution)};
    // Nothing is left of how the statistics began.
    if (!model.frozen) model.debiased = true;
    return true;
}

/// The model and what it makes. False when stopped on the way.
bool publish(PreparedRun& run) {
    Model model = run.model();
    write_model(run.folder.model(), model);
    RunResults results{.options = run.options,
                       .parameters = model.parameters,
                       .domains = model.sets,
                       .examples = run.task->examples(),
                       .pairs = run.task->pairs(),
                       .steps = run.trainer->steps_done(),
                       .norm_updates = run.trainer->norm_updates(),
                       .norms_frozen = run.trainer->norms_frozen(),
                       .stop = run.stop,
                       .classes = model.classes.names};
    TrainedModels models{.last = model, .steps = results.steps};
    if (run.trainer->early_stop().best && is_there(run.folder.best())) {
        models.best = run.folder.best();
        models.best_step = run.trainer->early_stop().best->step;
    }
    run.trainer.reset();  // what follows may need its memory on the device
    if (!run.shares.group().is_alone()) send(run.shares.group(), {.kind = RankOrder::Kind::end_steps});
    if (solve(run, model, results.steps)) {
        write_model(run.folder.model(), model);
        results.exact_statistics = !results.norms_frozen;
    }
    if (run.stop) return false;
    LedWork led(run.shares.group(), RankOrder::Kind::publish_trained);
    const bool published = run.task->publish_trained(models, *run.logs);
    led.done();
    if (!published) return false;
    run.logs->tell(&RunObserver::on_results, results);
    return !run.stop;
}

}  // namespace

RunEnd run_training(const Device& device, const TrainOptions& options, RunObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles, RunControl* control,
                    SharedJob* job) {
    std::optional<PreparedRun> prepared;
    try {
        prepared.emplace(device, options, observer, stop, choose_tiles, job);
    } catch (const Stopped&) {
        return RunEnd::stopped;
    }
    PreparedRun& run = *prepared;
    TrainingLoop loop(run, control);
    try {
        run.start();
        if (!loop.train()) return RunEnd::stopped;
    } catch (const BadResult&) {
        throw;  // which is a result too: the run has diverged
    } catch (...) {
        if (!run.options.resume && !loop.has_learned()) run.remove_started();
        throw;
    }
    return publish(run) ? RunEnd::finished : RunEnd::stopped;
}

}  // namespace shadenet
