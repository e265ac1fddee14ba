// A whole training run with its folder: what `shadenet train` does, without a word about terminals.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/two_layer/fused_tile.h"
#include "model/named_statistics.h"
#include "model/parameters.h"
#include "model/plan_kind.h"
#include "train/logs/floor.h"
#include "train/options.h"
#include "train/trainer.h"

namespace shadenet {

class Device;
class PicturePairs;

/// What is known before the first step.
struct RunStart {
    const Parameters& parameters;  ///< with shapes and which are trainable
    std::uint32_t training_images, validation_images, test_images;
    std::uint32_t width, height;  ///< of the training pictures
    std::uint32_t steps_per_epoch;
    std::uint32_t epochs_done;  ///< above 0 when resumed
    PlanChoice plan;
    const TrainOptions& options;              ///< with what a resumed run takes over, and a schedule's steps
    std::vector<std::uint32_t> stream_pairs;  ///< of each stream of the options
    std::optional<BestValidation> best;       ///< of a resumed run that may end early
    std::optional<Floor> floor{};  ///< of the training pictures, where there is one; not yet reached
};

/// What a finished run has come to, while its pictures are still in memory; the trainer is no longer.
struct RunResults {
    const TrainOptions& options;                  ///< as trained with
    const Parameters& parameters;                 ///< of the model
    const std::vector<NamedStatistics>& streams;  ///< of each its statistics; none where there are no streams
    const PicturePairs& training;
    std::uint64_t steps;                      ///< done in all
    std::vector<std::uint64_t> norm_updates;  ///< Trainer::norm_updates()
    bool norms_frozen;                        ///< in the last step
    const std::atomic<bool>& stop;            ///< what takes its time is to end soon after it is true
};

/// Told what happens; called on the thread that runs.
class RunObserver {
  public:
    virtual ~RunObserver() = default;
    /// Something read sensibly that is worth a word, once: "3 pictures have an alpha channel, which is
    /// ignored".
    virtual void on_note(const std::string& note) = 0;
    /// Before on_start(), while the floor is found: so many pairs are done. May take as long as some epochs.
    virtual void on_floor_progress(std::uint32_t, std::uint32_t /*pairs*/) {}
    virtual void on_start(const RunStart& start) = 0;
    virtual void on_step(std::uint32_t epoch, std::uint32_t step, std::uint32_t steps_per_epoch) = 0;
    /// `parameters` are those of the epoch's end.
    virtual void on_epoch(const EpochRecord& record, const Parameters& parameters) = 0;
    /// At an epoch's end it comes before on_epoch().
    virtual void on_validation(const ValidationRecord&) {}
    /// At the end of a run that has a floor: with what the network reaches on the same pixels.
    virtual void on_floor_reached(const Floor&) {}
    /// All results are written. Last of all, and not of a run that was stopped before.
    virtual void on_results(const RunResults&) {}
};

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

/// Picks the fused plan's tiles for a device and a network.
using TileChooser = std::function<ChosenTiles(const Device&, const Network&)>;

/// Loads the pictures, trains, and fills the run folder: config.json, before_*.png from the untrained
/// network, a checkpoint, history.csv and epochs.bin as it goes (the checkpoint at most every few seconds,
/// and always at the end), floor.json, and at the end model.safetensors, after_*.png and test_*.png. With
/// validate_every there is validation.csv too, and with early_stop best.safetensors, the model of the best
/// validation. The pictures of a stream are made with its own statistics, the test pictures with those of the
/// first. When `stop` becomes true the run saves and ends early, and the same options with `resume` go on
/// from there. The folder is made first, to see that it can be, and taken back when an input is then refused;
/// no file stays in it before every input has been checked, and none of a new run that fails before it has
/// learned anything. Throws InputError for what the user gave, WorkError for what failed at work; a loss that
/// is no longer finite leaves the last good checkpoint. A new run asks `choose_tiles` for the fused plan's
/// tiles (without it they are the defaults), and config.json keeps them: other tiles sum in another order,
/// and a resumed run is to have the same bits. `control` may be null.
RunEnd run_training(const Device& device, const TrainOptions& options, RunObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles = {},
                    RunControl* control = nullptr);

}  // namespace shadenet
