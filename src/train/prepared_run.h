// A run that is ready to begin: what its training and its publishing work on.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/model_file.h"
#include "task/task.h"
#include "train/run.h"
#include "train/run_folder.h"
#include "train/run_logs.h"

namespace shadenet {

struct PreparedRun {
    /// Completes the options by those of the run that they go on with, and by the plan and the tiles, which
    /// config.json then keeps: two plans, and other tiles too, round differently, and one run uses one of
    /// them. Reads every input to its end, and writes nothing. Gives the `job`, where there is one, to the
    /// other ranks. Throws InputError.
    PreparedRun(const Device& device, const TrainOptions& given, RunObserver& front_end,
                const std::atomic<bool>& stop, const TileChooser& chooser, SharedJob* job = nullptr);

    /// Begins the run's files, config.json last because it makes the folder a run, or goes on where an old
    /// run was. Tells the observers that it starts, and publishes what the untrained network makes; of a
    /// resumed run only what is missing. Throws InputError and WorkError.
    void start();
    /// Removes what start() has written of a new run, so that its folder can be used again.
    void remove_started() const noexcept;

    /// The text of config.json. Throws InputError for a name that it cannot hold.
    std::string config() const;
    bool done() const { return trainer->epochs_done() == options.epochs || trainer->ended_early(); }
    /// As it is now.
    Model model() const;

    const Device& device;
    TrainOptions options;
    Network network;
    RunObserver& observer;
    const std::atomic<bool>& stop;
    RunFolder folder;
    Shares shares{};  ///< that steps are made of
    PlanChoice plan;
    bool was_layerwise = false;  ///< begun or asked for by the name of earlier versions
    std::unique_ptr<Task> task;
    DataChange change{};    ///< of a resumed run's examples
    std::string changed{};  ///< in words
    RunData replaced{};     ///< what was learned from before
    std::unique_ptr<Trainer> trainer{};
    std::optional<RunLogs> logs{};
};

/// "the best validation, 0.1 at step 6 in epoch 2, was not bettered by the next 3": why a run ends early.
std::string early_end(const EarlyStop& early_stop, const TrainOptions& options);

}  // namespace shadenet
