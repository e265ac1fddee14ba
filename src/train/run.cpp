#include "train/run.h"

#include <chrono>
#include <memory>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "data/picture_pairs.h"
#include "engine/plan_choice.h"
#include "engine/two_layer/tile_table.h"
#include "gpu/device.h"
#include "image/image.h"
#include "image/not_taken.h"
#include "model/model_file.h"
#include "train/logs/epoch_log.h"
#include "train/logs/history.h"
#include "train/logs/validation_log.h"
#include "train/resume.h"
#include "train/run_folder.h"
#include "train/run_inputs.h"
#include "train/run_logs.h"
#include "train/run_pictures.h"
#include "train/stale_files.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds between_checkpoints{5};
/// An epoch that takes long is interrupted for a checkpoint this often.
constexpr std::chrono::seconds within_an_epoch{60};

/// Why a run ends before its last epoch.
std::string early_end(const EarlyStop& early_stop) {
    return fmt::format("the best validation, {:.6g} at step {} in epoch {}, was not bettered by the next {}",
                       early_stop.best->loss, early_stop.best->step, early_stop.best->epoch,
                       early_stop.since);
}

class Run {
  public:
    Run(const Device& device, const TrainOptions& options, RunObserver& observer,
        const std::atomic<bool>& stop, const TileChooser& chooser, RunControl* control)
        : device_(device),
          options_(checked(options)),
          network_(options.network.network()),
          observer_(observer),
          stop_(stop),
          chooser_(chooser),
          control_(control),
          folder_(options.output, options.resume) {
        options_.data = {};
        if (options_.resume) adopt(folder_.config(), options_);
        if (!options_.resume && folder_.holds_run()) {
            throw InputError(
                fmt::format("{}: holds a run already; go on with it by --resume, or give another --output",
                            options.output.string()));
        }
        choose();
        config();  // a name that it cannot hold is refused before any work
        load();
    }

    RunEnd execute() {
        try {
            begin();
            tell_start();
            write_before();
            if (!train()) return RunEnd::stopped;
        } catch (const BadResult&) {
            throw;  // which is a result too: the run has diverged
        } catch (...) {
            if (!options_.resume && !has_learned_) {
                remove_begun(folder_, training_->stems(), logs_->event_file());
            }
            throw;
        }
        return write_results() ? RunEnd::finished : RunEnd::stopped;
    }

  private:
    static const TrainOptions& checked(const TrainOptions& options) {
        validate(options);
        return options;
    }

    void choose();
    std::string config() const;
    std::vector<std::string> further_streams() const;
    FusedTiles choose_tiles();
    void load();
    void take_data();
    void tell_of_pictures(const PictureNotes& notes);
    void begin();
    void renew();
    void find_floor();
    void tell_start();
    void write_before();
    bool train();
    std::uint64_t last_step() const {
        return std::uint64_t{options_.epochs} * trainer_->steps_per_epoch() - 1;
    }
    bool norms_move_at_the_end() const {
        const bool freeze = options_.freeze_norm > 0 && options_.freeze_norm <= options_.epochs;
        return has_norm(network_) && !freeze;
    }
    bool done() const { return trainer_->epochs_done() == options_.epochs || trainer_->ended_early(); }
    std::optional<EpochRecord> train_epoch();
    void let_steer();
    void take_validation(const ValidationRecord& record);
    void save();
    void save_best();
    Model model() const;
    RunPictures pictures() const { return {device_, *training_, folder_, stop_}; }
    bool write_results();

    const Device& device_;
    TrainOptions options_;
    Network network_;
    PlanChoice plan_;
    RunObserver& observer_;
    const std::atomic<bool>& stop_;
    const TileChooser& chooser_;
    RunControl* control_;
    RunFolder folder_;
    RunInputs inputs_;
    DataChange change_;                 ///< of a resumed run's pictures
    std::string changed_;               ///< in words
    std::vector<PairRecord> replaced_;  ///< what was learned from before
    bool has_learned_ = false;          ///< an epoch is done, or some of its steps are saved
    std::optional<PicturePairs> training_, validation_;
    std::unique_ptr<Trainer> trainer_;
    std::optional<History> history_;
    std::optional<EpochLog> epoch_log_;
    std::optional<ValidationLog> validation_log_;
    std::optional<Model> best_;  ///< where the file does not hold it yet
    std::optional<RunLogs> logs_;
    std::optional<std::uint64_t> steered_;  ///< the step that the control was last asked before
    std::optional<Floor> floor_;
    Clock::time_point saved_;
};

/// The plan, which config.json then keeps: two plans round differently, and one run uses one of them.
void Run::choose() {
    plan_ = choose_plan(network_, options_.plan);
    if (options_.resume && options_.plan != PlanKind::automatic) plan_.reason = "the run was begun with it";
    options_.plan = plan_.kind;
}

std::string Run::config() const {
    return config_text(options_, fmt::format("{}, {}", device_.info().name, device_.info().driver));
}

/// All but the first, whose statistics are the model's own.
std::vector<std::string> Run::further_streams() const {
    std::vector<std::string> names;
    for (std::size_t i = 1; i < options_.streams.size(); ++i) names.push_back(options_.streams[i].name);
    return names;
}

/// The tiles too are kept, by name: other tiles sum in another order. On a device that does not have those of
/// the run it goes on with the defaults.
FusedTiles Run::choose_tiles() {
    const DeviceKind kind = device_.info().kind;
    const std::uint32_t kernel = first_kernel(network_);
    ChosenTiles chosen{default_tiles(kind, kernel), "defaults"};
    if (plan_.kind != PlanKind::fused) return chosen.tiles;
    if (const auto kept = find_tiles(tile_table(kind, kernel), options_.tiles)) {
        chosen = {*kept, "those it was begun with"};
    } else if (!options_.resume && chooser_) {
        chosen = chooser_(device_, network_);
    }
    options_.tiles = to_string(chosen.tiles);
    plan_.reason += fmt::format("; tiles: {}", chosen.source);
    return chosen.tiles;
}

/// Reads every input to its end, and writes nothing.
void Run::load() {
    inputs_ = checked_inputs(options_);
    for (const ImagePair& pair : inputs_.training.pairs)
        folder_.require_name("before", pair.stem, pair.input);
    for (const fs::path& picture : inputs_.test) {
        folder_.require_name("test", picture.stem().string(), picture);
    }
    require_room(device_.info(), options_, plan_.kind, inputs_);
    // Those of a resumed run come from its checkpoint, and its --init may be gone by now.
    const Model start = options_.resume ? Model{network_, initial_parameters(network_, options_.seed)}
                                        : starting_model(options_);
    PictureNotes notes;
    training_.emplace(inputs_.training, notes, network_.range);
    if (!inputs_.validation.pairs.empty())
        validation_.emplace(inputs_.validation, notes, network_.range);
    for (const fs::path& picture : inputs_.test) notes.add(read_image(picture));
    take_data();
    trainer_ = std::make_unique<Trainer>(device_, options_, *training_, validation_ ? &*validation_ : nullptr,
                                         start.parameters, choose_tiles());
    options_.schedule = trainer_->options().schedule;
    trainer_->on_validation([this](const ValidationRecord& record) { take_validation(record); });
    logs_.emplace(device_, options_, folder_, *training_, start.parameters);
    if (!folder_.is_locked()) {
        observer_.on_note(
            fmt::format("{}: its file system has no locks; see that no other process trains there",
                        options_.output.string()));
    }
    for (const std::string& line : start.notes) {
        observer_.on_note(fmt::format("{}: {}", options_.init.string(), line));
    }
    if (!start.sets.empty()) {
        observer_.on_note(fmt::format("{}: its named statistics are not taken over: {}",
                                      options_.init.string(), set_names(start.sets)));
    }
    tell_of_pictures(notes);
    const bool norms = has_norm(network_);
    if (options_.histograms && !norms) observer_.on_note("there is no norm to keep --histograms of");
    if (options_.freeze_norm > options_.epochs) {
        observer_.on_note(fmt::format("--freeze-norm is {}, and there are {} epochs: no norm freezes",
                                      options_.freeze_norm, options_.epochs));
    }
}

/// What config.json is to keep of the pictures, which of a resumed run are compared with what it has kept.
void Run::take_data() {
    RunData now{training_->records(), {}, options_.data.init};
    if (validation_) now.validation = validation_->records();
    if (options_.resume) {
        if (!options_.data.known()) {
            observer_.on_note(fmt::format(
                "{}: does not tell which pictures the run was begun with, as an earlier version has written "
                "it; those of now are taken for them, and kept there",
                folder_.config().string()));
        }
        change_ = changed_data(options_, now, inputs_.training.pairs, inputs_.validation.pairs, changed_);
    }
    replaced_ = std::exchange(options_.data, std::move(now)).training;
}

void Run::tell_of_pictures(const PictureNotes& notes) {
    for (const std::string& line : notes.lines()) observer_.on_note(line);
    for (const std::string& line : not_taken_in(picture_folders(options_))) observer_.on_note(line);
    for (const std::string& line : training_->profiles().lines()) observer_.on_note(line);
    if (!validation_) return;
    for (const std::string& line : validation_->profiles().lines("validation ")) observer_.on_note(line);
}

/// The first files of a new run, config.json last because it makes the folder a run; or the state of an old
/// one.
void Run::begin() {
    if (options_.resume) {
        trainer_->restore_checkpoint(folder_.checkpoint(), change_);
        if (options_.epochs < trainer_->epochs_done()) {
            throw InputError(fmt::format("--epochs is {}, and the run in {} has done {}; use {} or more",
                                         options_.epochs, options_.output.string(), trainer_->epochs_done(),
                                         trainer_->epochs_done()));
        }
        if (change_.any()) renew();
    }
    history_.emplace(folder_.history(), network_, trainer_->epochs_done(), further_streams());
    if (options_.resume) {
        if (options_.validate_every > 0 || fs::exists(folder_.validations())) {
            validation_log_.emplace(folder_.validations(), trainer_->steps_done());
        }
        epoch_log_.emplace(folder_.epochs(), network_, trainer_->epochs_done());
    } else {
        folder_.remove_earlier();
        if (options_.validate_every > 0) validation_log_.emplace(folder_.validations());
        trainer_->save_checkpoint(folder_.checkpoint());
        epoch_log_.emplace(folder_.epochs(), network_);
        epoch_log_->add(trainer_->parameters(), {});
    }
    logs_->begin(*trainer_, stop_);
    saved_ = Clock::now();
    write_file_atomically(folder_.config(), config());
    find_floor();
}

/// Of a resumed run with other pictures. config.json is written after this: a run that is killed meanwhile
/// begins again here.
void Run::renew() {
    remove_derived(folder_, change_, replaced_, options_.data.training);
    trainer_->save_checkpoint(folder_.checkpoint());
    observer_.on_note(
        fmt::format("from epoch {} on the run has other pictures{}{}; what was made of those before "
                    "is made anew{}",
                    trainer_->epochs_done() + 1, changed_.empty() ? "" : ": ", changed_,
                    change_.validation ? ", and no validation of before counts" : ""));
}

/// That of a resumed run is kept, but for what the network had reached where it is to go on. A run that is
/// stopped here finds it when it goes on.
void Run::find_floor() {
    const bool goes_on = trainer_->epochs_done() < options_.epochs;
    if (options_.resume) floor_ = read_floor(folder_.floor());
    if (!floor_) {
        std::string why_not;
        const auto go_on = [this](std::uint32_t pair) {
            observer_.on_floor_progress(pair, training_->size());
            return !stop_;
        };
        floor_ = floor_of(device_, network_, *training_, why_not, go_on);
        if (!why_not.empty()) observer_.on_note(why_not);
    } else if (floor_->reached && goes_on) {
        floor_->reached.reset();
    } else {
        return;
    }
    if (floor_) write_floor(folder_.floor(), *floor_);
}

void Run::tell_start() {
    const Parameters parameters = trainer_->parameters();
    const auto count = [](const std::optional<PicturePairs>& data) { return data ? data->size() : 0; };
    observer_.on_start({.parameters = parameters,
                        .training_images = count(training_),
                        .validation_images = count(validation_),
                        .test_images = static_cast<std::uint32_t>(inputs_.test.size()),
                        .width = training_->width(),
                        .height = training_->height(),
                        .steps_per_epoch = trainer_->steps_per_epoch(),
                        .epochs_done = trainer_->epochs_done(),
                        .plan = plan_,
                        .options = options_,
                        .stream_pairs = inputs_.training.domain_sizes,
                        .best = trainer_->early_stop().best,
                        .floor = floor_});
    if (history_->rows_kept() < trainer_->epochs_done()) {
        observer_.on_note(fmt::format("{}: lacks {} of the {} epochs done", folder_.history().string(),
                                      trainer_->epochs_done() - history_->rows_kept(),
                                      trainer_->epochs_done()));
    }
    if (trainer_->epochs_done() == options_.epochs) {
        observer_.on_note(
            fmt::format("{}: this run is finished, with {} epochs done; give more --epochs to go on",
                        options_.output.string(), options_.epochs));
    } else if (trainer_->ended_early()) {
        observer_.on_note(fmt::format("{}: this run ended early: {}; give a larger --early-stop to go on",
                                      options_.output.string(), early_end(trainer_->early_stop())));
    } else if (options_.learning_rate(last_step()) == 0.0f) {
        observer_.on_note(
            fmt::format("the schedule ({}) ends before the run does: the learning rate is 0 then, and {}",
                        describe(options_.schedule),
                        norms_move_at_the_end() ? "only the moving statistics go on changing"
                                                : "nothing changes any more"));
    }
}

/// What the untrained network makes of the training pictures; of a resumed run only those that are missing.
void Run::write_before() {
    shadenet::write_before(
        pictures(), network_, [this] { return untrained_parameters(options_, folder_.epochs()); },
        options_.resume);
    if (trainer_->steps_done() == 0 && !stop_) logs_->add_pictures("before", 0);
}

/// True when all epochs are done, or those that were to be.
bool Run::train() {
    if (done()) return true;
    while (!done()) {
        if (const std::optional<EpochRecord> record = train_epoch()) {
            has_learned_ = true;
            history_->add(*record);
            epoch_log_->add(trainer_->epoch_parameters(), record->norms);
            logs_->add_epoch(*record, trainer_->epoch_parameters(), stop_);
            observer_.on_epoch(*record, trainer_->epoch_parameters());
        }
        if (done() || stop_ || Clock::now() - saved_ >= between_checkpoints) save();
        if (stop_ && !done()) return false;
    }
    if (trainer_->epochs_done() < options_.epochs) {
        observer_.on_note(fmt::format("the run ends early: {}", early_end(trainer_->early_stop())));
    }
    return true;
}

/// Returns nothing when the run is to stop, and also when the epoch has been interrupted for a checkpoint.
std::optional<EpochRecord> Run::train_epoch() {
    let_steer();
    std::atomic<bool> pause = stop_.load();
    const std::uint32_t epoch = trainer_->epochs_done() + 1;
    const auto on_step = [&](std::uint32_t step) {
        observer_.on_step(epoch, step, trainer_->steps_per_epoch());
        if (step < trainer_->steps_per_epoch()) let_steer();
        pause = stop_ || Clock::now() - saved_ >= within_an_epoch;
    };
    try {
        return trainer_->run_epoch(pause, on_step);
    } catch (const BadResult&) {
        save_best();  // what came before the end is still worth having
        throw;
    }
}

void Run::let_steer() {
    // An epoch that was interrupted for a checkpoint is at a step that was asked about already.
    if (control_ == nullptr || steered_ == trainer_->steps_done()) return;
    steered_ = trainer_->steps_done();
    trainer_->has_rested(control_->before_step(*trainer_));
    if (options_.changes == trainer_->options().changes) return;
    options_.changes = trainer_->options().changes;
    write_file_atomically(folder_.config(), config());
}

void Run::take_validation(const ValidationRecord& record) {
    if (validation_log_) validation_log_->add(record);
    // At an epoch's end it is told with the rest.
    if (record.step % trainer_->steps_per_epoch() != 0) logs_->add_validation(record);
    if (record.best) best_ = model();
    observer_.on_validation(record);
}

void Run::save_best() {
    if (best_) write_model(folder_.best(), *best_);
    best_.reset();
}

/// The best model first: a run that is killed in between goes on from the checkpoint before, and comes to the
/// same best one again.
void Run::save() {
    save_best();
    trainer_->save_checkpoint(folder_.checkpoint());
    has_learned_ = true;
    saved_ = Clock::now();
}

/// As it is now.
Model Run::model() const {
    Model model{network_, trainer_->parameters(), trainer_->stream_statistics()};
    // Those of an --init's own training are not known when a run is resumed, and so not here either. Of
    // several decays a count does not tell what is left of the start.
    if (options_.init.empty() && options_.keeps_decay()) {
        model.norm_updates = trainer_->norm_updates().front();
    }
    model.debiased = options_.debias;
    model.frozen = trainer_->norms_frozen();
    model.colours = training_->profiles().colours();
    return model;
}

/// False when stopped on the way.
bool Run::write_results() {
    const Model model = this->model();
    write_model(folder_.model(), model);
    InnerLoss inner(floor_ ? floor_->side / 2 : 0);
    if (!write_after(pictures(), model, floor_ ? &inner : nullptr)) return false;
    if (floor_) {
        floor_->reached = inner.mean();
        write_floor(folder_.floor(), *floor_);
        observer_.on_floor_reached(*floor_);
    }
    logs_->add_pictures("after", trainer_->steps_done());
    if (!write_tests(pictures(), model, inputs_.test)) return false;
    const RunResults results{.options = options_,
                             .parameters = model.parameters,
                             .streams = model.sets,
                             .training = *training_,
                             .steps = trainer_->steps_done(),
                             .norm_updates = trainer_->norm_updates(),
                             .norms_frozen = trainer_->norms_frozen(),
                             .stop = stop_};
    trainer_.reset();  // what looks at the results may need its memory on the device
    observer_.on_results(results);
    return !stop_;
}

}  // namespace

RunEnd run_training(const Device& device, const TrainOptions& options, RunObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles, RunControl* control) {
    return Run(device, options, observer, stop, choose_tiles, control).execute();
}

}  // namespace shadenet
