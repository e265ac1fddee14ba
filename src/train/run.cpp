#include "train/run.h"

#include "base/error.h"
#include "model/model_file.h"
#include "train/prepared_run.h"
#include "train/training_loop.h"

namespace shadenet {

namespace {

/// The model and what it makes. False when stopped on the way.
bool publish(PreparedRun& run) {
    const Model model = run.model();
    write_model(run.folder.model(), model);
    if (!run.task->publish_trained(model, run.trainer->steps_done(), *run.logs)) return false;
    const RunResults results{.options = run.options,
                             .parameters = model.parameters,
                             .domains = model.sets,
                             .training = run.task->training(),
                             .steps = run.trainer->steps_done(),
                             .norm_updates = run.trainer->norm_updates(),
                             .norms_frozen = run.trainer->norms_frozen(),
                             .stop = run.stop};
    run.trainer.reset();  // what looks at the results may need its memory on the device
    run.logs->tell(&RunObserver::on_results, results);
    return !run.stop;
}

}  // namespace

RunEnd run_training(const Device& device, const TrainOptions& options, RunObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles, RunControl* control) {
    PreparedRun run(device, options, observer, stop, choose_tiles);
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
