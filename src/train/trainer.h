// Trains a network on pairs of pictures. Both front ends drive this class.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/named_statistics.h"
#include "model/parameters.h"
#include "train/early_stop.h"
#include "train/options.h"
#include "data/run_data.h"

namespace shadenet {

class Device;
class DataSet;
struct FusedTiles;

/// A norm layer's statistics at some epoch.
struct NormStatistics {
    std::string name;  ///< "bn1"
    std::vector<float> moving_mean, moving_variance;
    /// Those of the epoch's last batch, which it normalised by unless the norms were frozen; empty where not
    /// known, and where there are streams.
    std::vector<float> batch_mean, batch_variance;
};

/// The statistics that a stream other than the first keeps for itself.
struct StreamRecord {
    std::string name;  ///< "night"
    std::vector<NormStatistics> norms;
};

/// What is known at the end of an epoch: a row of history.csv.
struct EpochRecord {
    std::uint32_t epoch = 0;  ///< from 1
    std::uint64_t step = 0;   ///< steps so far
    float learning_rate = 0;
    double train_loss =
        0;  ///< mean of the steps' losses, each weighted by its images, from before its update
    std::optional<double> validation_loss;  ///< in inference mode, after the epoch
    double seconds = 0;
    std::vector<NormStatistics> norms;  ///< of the first stream, where there are several
    std::vector<StreamRecord> streams;  ///< the others'
};

/// One look at the validation pictures: a row of validation.csv.
struct ValidationRecord {
    std::uint32_t epoch = 0;  ///< from 1; that of the steps before it
    std::uint64_t step = 0;   ///< steps so far
    double loss = 0;
    bool best = false;  ///< lower than all before it; only known where the run may end early
};

class Trainer {
  public:
    /// `validation` may be null. `initial` are the parameters to begin with, `tiles` the fused plan's. The
    /// device and the data sets must outlive the trainer. Pairs of several streams are those of the options'
    /// streams, in their order; all begin with the statistics of `initial`. A schedule without steps gets
    /// those of the options' epochs. Throws InputError when the plan of the options does not take the
    /// network, and when the device cannot bind the pictures.
    Trainer(const Device& device, const TrainOptions& options, const DataSet& training,
            const DataSet* validation, const Parameters& initial, const FusedTiles& tiles);
    ~Trainer();

    std::uint32_t epochs_done() const;
    std::uint64_t steps_done() const;
    std::uint32_t steps_per_epoch() const;
    /// Of each stream, or of the run that has none: the steps that moved its moving statistics, all but those
    /// of epochs with frozen norms; none without norms.
    std::vector<std::uint64_t> norm_updates() const;
    /// The latest step used and kept the moving statistics.
    bool norms_frozen() const;

    /// With all changes of rates so far, and the schedule's steps.
    const TrainOptions& options() const;
    /// Of the next step.
    Rates rates() const;
    /// From the next step on; what was to change later is forgotten. Throws InputError.
    void change_rates(const Rates& rates);

    /// Told of every look at the validation pictures, within run_epoch(): the trainer stands between two
    /// steps then. May be empty.
    void on_validation(std::function<void(const ValidationRecord&)> tell);
    /// The best validation and how many came after it, of a run that may end early.
    const EarlyStop& early_stop() const;
    /// True once so many validations in a row were no better: run_epoch() then does no more steps.
    bool ended_early() const;

    /// Runs what is left of the current epoch. After every step `on_step` (may be empty) is told how many
    /// steps of the epoch are done. Returns nothing when `stop`
    /// became true before the epoch's end, and when the run ended early there: the trainer then stands
    /// between two steps, and can be saved or go on. Throws BadResult when the loss is no longer finite; the
    /// trainer is then of no further use.
    std::optional<EpochRecord> run_epoch(const std::atomic<bool>& stop,
                                         const std::function<void(std::uint32_t)>& on_step);

    /// Within run_epoch(): for so long nothing was to be done, and that is not the epoch's time.
    void has_rested(std::chrono::steady_clock::duration time);

    /// The parameters and moving statistics as they are now, between two steps; waits for the device. The
    /// statistics are the first stream's.
    Parameters parameters() const;
    /// Those of every stream, in the options' order; none where there are no streams. Waits likewise.
    std::vector<NamedStatistics> stream_statistics() const;

    /// Those of the end of the latest epoch that run_epoch() finished.
    const Parameters& epoch_parameters() const;

    /// Writes model, optimizer state, step, random state and the unfinished epoch's sums, atomically.
    void save_checkpoint(const std::filesystem::path& path) const;
    /// Goes back to a saved state: training on with the same plan and tiles is bit-equal to never having
    /// stopped. Throws InputError when the file is damaged or of another network, optimizer, seed, batch
    /// or data set size. After a `change` of the pictures the number and size of those of training may
    /// differ, as long as an epoch has as many steps, and no validation of before counts.
    void restore_checkpoint(const std::filesystem::path& path, const DataChange& change = {});

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace shadenet
