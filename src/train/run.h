// A whole training run with its folder: what `shadenet train` does, without a word about terminals.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "engine/plan_choice.h"
#include "train/logs/run_observer.h"
#include "train/options/options.h"
#include "train/trainer.h"

namespace shadenet {

class Device;
class SharedJob;

/// Steers a run; called on the thread that runs, which waits for it.
class RunControl {
  public:
    virtual ~RunControl() = default;
    /// Once before every step, the trainer standing between two. Its rates may be changed: config.json then
    /// keeps that, and the run can still be repeated. Returns for how long it has let the run rest.
    virtual std::chrono::steady_clock::duration before_step(Trainer& trainer) = 0;
};

/// A run that ended early because validation got no better is finished too.
enum class RunEnd { finished, stopped };

/// Picks the tiles of a plan, fused or stack, for a device, a network and the inputs of its largest step. May
/// throw Stopped.
using TileChooser = std::function<ChosenTiles(const Device&, const Network&, PlanKind, const Shape& batch)>;

/// Loads the pictures, trains, and fills the run folder: config.json, before_*.png from the untrained
/// network, a checkpoint, history.csv and epochs.bin as it goes (the checkpoint at most every few seconds,
/// and always at the end), floor.json, and at the end model.safetensors, after_*.png and test_*.png. With
/// validate_every there is validation.csv too, and with early_stop best.safetensors, the model of the best
/// validation. The pictures of a domain are made with its own statistics, the test pictures with those of the
/// first. When `stop` becomes true the run saves and ends early, and the same options with `resume` go on
/// from there; a run that is stopped while `choose_tiles` is at work leaves nothing, and may be begun again.
/// The folder is made first, to see that it can be, and taken back when an input is then refused;
/// no file stays in it before every input has been checked, and none of a new run that fails before it has
/// learned anything. Throws InputError for what the user gave, WorkError for what failed at work; a loss that
/// is no longer finite leaves the last good checkpoint. A new run asks `choose_tiles` for the tiles of
/// its plan (without it they are the defaults), and config.json keeps them: other tiles sum in another order,
/// and a resumed run is to have the same bits. `control` may be null, and so may `job`, whose other ranks
/// share the steps.
RunEnd run_training(const Device& device, const TrainOptions& options, RunObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles = {},
                    RunControl* control = nullptr, SharedJob* job = nullptr);

}  // namespace shadenet
