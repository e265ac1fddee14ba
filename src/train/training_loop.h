// The epochs of a run: steps, checkpoints and what is told of them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "train/prepared_run.h"

namespace shadenet {

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
    void let_steer();
    void take_validation(const ValidationRecord& record);
    void save();
    void save_best();

    PreparedRun& run_;
    Trainer& trainer_;
    RunControl* control_;
    bool has_learned_ = false;
    std::optional<Model> best_;             ///< where the file does not hold it yet
    std::optional<std::uint64_t> steered_;  ///< the step that the control was last asked before
    std::chrono::steady_clock::time_point saved_ = std::chrono::steady_clock::now();
};

}  // namespace shadenet
