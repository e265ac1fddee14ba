#include "train/prepared_run.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/psnr.h"
#include "data/batches.h"
#include "data/picture_set.h"
#include "engine/plan_choice.h"
#include "engine/plan_tiles.h"
#include "gpu/device.h"
#include "train/resume.h"
#include "train/run_inputs.h"
#include "train/set_scorer.h"
#include "train/shared_job.h"

namespace shadenet {

namespace {

const TrainOptions& checked(const TrainOptions& options) {
    validate(options);
    require_own_folder(options);
    return options;
}

void complete_options(PreparedRun& run) {
    TrainOptions& options = run.options;
    options.data = {};
    if (options.resume) adopt(run.folder.config(), options);
    if (!options.resume && run.folder.holds_run()) {
        throw InputError(
            fmt::format("{}: holds a run already; go on with it by --resume, or give another --output",
                        options.output.string()));
    }
    run.plan = choose_plan(run.network, options.plan);
    // A run whose config.json names no plan is from a time when all others than fused ran layer by layer.
    run.was_layerwise =
        options.plan == PlanKind::layerwise ||
        (options.resume && options.plan == PlanKind::automatic && run.plan.kind == PlanKind::stack);
    if (options.resume && options.plan != PlanKind::automatic) run.plan.reason = "the run was begun with it";
    if (run.was_layerwise) run.plan.reason += ", as layerwise, whose last digits differ";
    options.plan = run.plan.kind;
}

/// A resumed run without tiles that are known here goes on with the defaults, and with other last digits.
ChosenTiles default_tiles_of(const PreparedRun& run, PlanTiles tiles) {
    // A network without convolution and dense layer has no tiles, and config.json names none.
    const bool has_tiles = !to_string(tiles, run.plan.kind).empty();
    if (!run.options.resume || !has_tiles) return {std::move(tiles), "defaults"};
    const bool kept = !run.options.tiles.empty();
    // What is said of a layerwise run says that digits differ.
    if (!run.was_layerwise) {
        run.observer.on_note(fmt::format(
            "{}: {}; the run goes on with the defaults of now, whose results may differ in the last digits",
            run.folder.config().string(),
            kept ? "names tiles that this device does not have"
                 : "does not tell which tiles the run was begun with, as an earlier version has written it"));
    }
    return {std::move(tiles), kept ? "defaults, not those it was begun with, which this device does not have"
                                   : "defaults of now, as it is not known which it was begun with"};
}

PlanTiles choose_tiles(PreparedRun& run, const TileChooser& chooser) {
    const Examples& training = run.task->examples();
    const PlanKind plan = run.plan.kind;
    const Shape batch =
        with_images(training.input_shape(), largest_batch(training.domain_sizes(), run.options.batch));
    ChosenTiles chosen;
    if (const auto kept = find_plan_tiles(run.device, run.network, plan, batch, run.options.tiles)) {
        chosen = {*kept, "those it was begun with"};
    } else if (!run.options.resume && chooser) {
        chosen = chooser(run.device, run.network, plan, batch);
    } else {
        chosen = default_tiles_of(run, default_plan_tiles(run.device, run.network, plan, batch));
    }
    run.options.tiles = to_string(chosen.tiles, plan);
    run.plan.reason += fmt::format("; tiles: {}", chosen.source);
    return chosen.tiles;
}

/// Of labelled pictures, which are read by now; pairs have none.
std::vector<std::string> class_names_of(const PreparedRun& run) {
    if (!run.options.learns_classes()) return {};
    return run.task->examples().classes().names;
}

/// What config.json is to keep of the examples, which of a resumed run are compared with what it has kept.
void take_data(PreparedRun& run) {
    TrainOptions& options = run.options;
    RunData now = run.task->data();
    now.init = options.data.init;
    if (options.resume) {
        if (!options.data.known()) {
            run.observer.on_note(fmt::format(
                "{}: does not tell which pictures the run was begun with, as an earlier version has written "
                "it; those of now are taken for them, and kept there",
                run.folder.config().string()));
        }
        run.change = changed_data(options, run.task->differences(options.data), run.changed);
    }
    run.replaced = std::exchange(options.data, std::move(now));
}

void tell_of_inputs(const PreparedRun& run, const Model& start) {
    const TrainOptions& options = run.options;
    const auto note = [&](const std::string& line) { run.observer.on_note(line); };
    if (!run.folder.is_locked()) {
        note(fmt::format("{}: its file system has no locks; see that no other process trains there",
                         options.output.string()));
    }
    if (run.was_layerwise) note(layerwise_note);
    for (const std::string& line : start.notes) note(fmt::format("{}: {}", options.init.string(), line));
    if (!start.sets.empty()) {
        note(fmt::format("{}: its named statistics are not taken over: {}", options.init.string(),
                         set_names(start.sets)));
    }
    for (const std::string& line : run.task->warnings()) run.observer.on_warning(line);
    for (const std::string& line : run.task->notes()) note(line);
    const bool norms = has_norm(run.network);
    if (options.histograms && !norms) note("there is no norm to keep --histograms of");
    if (options.freeze_norm.epoch() > options.epochs) {
        // Of a resumed run the epoch is the one that it was begun with, whether anybody gave it or not.
        note(fmt::format("{} {}, and there are {} epochs: no norm freezes",
                         options.resume ? "norms were to freeze from epoch" : "--freeze-norm is",
                         to_string(options.freeze_norm), options.epochs));
    }
}

}  // namespace

PreparedRun::PreparedRun(const Device& used_device, const TrainOptions& given, RunObserver& front_end,
                         const std::atomic<bool>& stopped, const TileChooser& chooser, SharedJob* job)
    : device(used_device),
      options(checked(given)),
      network(given.network.network()),
      observer(front_end),
      stop(stopped),
      folder(given.output, given.resume) {
    complete_options(*this);
    shares = Shares(job != nullptr ? job->group() : alone(), options.shares, options.step_rule().block);
    options.shares = shares.count();
    config();  // a name that it cannot hold is refused before any work
    const auto offer = [&] {
        if (job != nullptr) job->offer(config());
    };
    // Those of a resumed run come from its checkpoint, and its --init may be gone by now.
    const auto starting = [&] {
        return options.resume ? Model{network, initial_parameters(network, options.seed)}
                              : starting_model(options, class_names_of(*this));
    };
    // Of pairs it is refused before other ranks begin to read.
    std::optional<Model> first;
    if (!options.learns_classes()) first = starting();
    task = make_task(device, options, folder, stop, shares.of_blocks(), offer);
    network = options.network.network();  // a preset has taken the form of labelled pictures
    const Model start = first ? std::move(*first) : starting();
    task->load();
    if (job != nullptr) job->join(*task);
    take_data(*this);
    trainer = std::make_unique<Trainer>(
        device, options, task->examples(), task->validation(), start.parameters, choose_tiles(*this, chooser),
        task->loss(), options.evaluate_both ? extents_to_score(*task) : std::vector<PictureExtent>(), shares);
    // Ranks that have read meanwhile are told that there is nothing to begin.
    if (stop) throw Stopped();
    options.schedule = trainer->options().schedule;
    options.freeze_norm = trainer->options().freeze_norm;
    logs.emplace(device, options, network, folder, *task, start.parameters, observer, stop);
    tell_of_inputs(*this, start);
    if (job != nullptr) job->begin(options.tiles);
}

std::string PreparedRun::config() const {
    return config_text(options, fmt::format("{}, {}", device.info().name, device.info().driver));
}

Model PreparedRun::model() const {
    Model model{network, trainer->parameters(), trainer->domain_statistics()};
    // The weights that --init gave were trained by an unknown number of steps, which a resumed run cannot
    // tell either. Of several decays a count does not tell what is left of the start.
    if (options.init.empty() && options.keeps_decay()) model.norm_updates = trainer->norm_updates().front();
    model.debiased = options.debias;
    model.frozen = trainer->norms_frozen();
    task->describe(model);
    return model;
}

std::string early_end(const EarlyStop& early_stop, const TrainOptions& options) {
    const BestValidation& best = *early_stop.best;
    std::string text = fmt::format("{:.6g}", best.loss);
    if (!options.learns_classes()) text = with_psnr(text, best.loss);
    if (best.accuracy) text += fmt::format(" ({:.2f} % right)", 100 * *best.accuracy);
    return fmt::format("the best validation, {} at step {} in epoch {}, was not bettered by the next {}",
                       text, best.step, best.epoch, early_stop.since);
}

}  // namespace shadenet
