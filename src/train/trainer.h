// Trains a network on examples. Both front ends drive this class.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "data/batches.h"
#include "data/example_subset.h"
#include "data/validation.h"
#include "engine/picture_losses.h"
#include "engine/plan_choice.h"
#include "engine/stack/evaluator.h"
#include "engine/training_limits.h"
#include "gpu/recorder.h"
#include "task/rank_order.h"
#include "train/checkpoint.h"
#include "train/logs/records.h"
#include "train/norm_schedule.h"
#include "train/trained_values.h"

namespace shadenet {

class Trainer {
  public:
    /// `initial` are the parameters to begin with. The device, `training` and the pictures of `validation`
    /// must outlive the trainer. The domains of the examples are the options' domains, in their order; all
    /// begin with the statistics of `initial`. A schedule without steps gets those of the options' epochs.
    /// Memory is left for sets like `scored`, which a SetScorer each is to keep. `shares`: those that steps
    /// are made of, of which this rank does its own; rank 0 leads, and the others follow(). Throws InputError
    /// when the plan of the options does not take the network, and when the device cannot bind the examples.
    Trainer(const Device& device, const TrainOptions& options, const Examples& training,
            const Validation& validation, const Parameters& initial, const PlanTiles& tiles,
            const LossKind& loss = mean_squared_error, const std::vector<PictureExtent>& scored = {},
            const Shares& shares = {});
    Trainer(const Trainer&) = delete;  // its parts refer to one another

    std::uint32_t epochs_done() const { return progress_.epoch; }
    std::uint64_t steps_done() const { return progress_.step; }
    std::uint32_t steps_per_epoch() const {
        return steps_of_epoch(training_.domain_sizes(), options_.step_rule());
    }
    /// Of each domain, or of the run that has none: the steps that moved its moving statistics, all but those
    /// of epochs with frozen norms; none without norms.
    std::vector<std::uint64_t> norm_updates() const;
    /// The latest step used and kept the moving statistics.
    bool norms_frozen() const;

    /// With all changes of rates so far, and the schedule's steps.
    const TrainOptions& options() const { return options_; }
    /// Of the next step.
    Rates rates() const { return options_.rates(progress_.step); }
    /// From the next step on; what was to change later is forgotten. Throws InputError.
    void change_rates(const Rates& rates);

    /// Told of every look at the validation pictures, within run_epoch(): the trainer stands between two
    /// steps then. May be empty.
    void on_validation(std::function<void(const ValidationRecord&)> tell) {
        tell_of_validation_ = std::move(tell);
    }
    FeatureMapMemory feature_maps() const { return plan_->feature_maps(); }

    /// The best validation and how many came after it, of a run that may end early.
    const EarlyStop& early_stop() const { return early_stop_; }
    /// True once so many validations in a row were no better: run_epoch() then does no more steps.
    bool ended_early() const { return early_stop_.reached(options_.early_stop); }

    /// Runs what is left of the current epoch. After every step `on_step` (may be empty) is told how many
    /// steps of the epoch are done. Returns nothing when `stop` became true before the epoch's end, and when
    /// the run ended early there: the trainer then stands between two steps, and can be saved or go on.
    /// Throws BadResult when the loss is no longer finite; the trainer is then of no further use.
    std::optional<EpochRecord> run_epoch(const std::atomic<bool>& stop,
                                         const std::function<void(std::uint32_t)>& on_step);

    /// Of the other ranks: does what the trainer of rank 0 does now.
    void follow(const RankOrder& order);

    /// Within run_epoch(): for so long nothing was to be done, and that is not the epoch's time.
    void has_rested(std::chrono::steady_clock::duration time) { rested_ += time; }

    /// The parameters and moving statistics as they are now, between two steps; waits for the device. The
    /// statistics are the first domain's.
    Parameters parameters() { return values_.download(recorder_); }
    /// Those of every domain, in the options' order; none where there are no domains. Waits likewise.
    std::vector<NamedStatistics> domain_statistics() { return values_.download_statistics(recorder_); }

    /// Those of the end of the latest epoch that run_epoch() finished.
    const Parameters& epoch_parameters() const { return epoch_parameters_; }

    /// Writes model, optimizer state, step, random state and the unfinished epoch's sums, atomically.
    void save_checkpoint(const std::filesystem::path& path);
    /// Goes back to a saved state: training on with the same plan and tiles is bit-equal to never having
    /// stopped. Throws InputError when the file is damaged or of another network, optimizer, seed, batch
    /// or data set size. After a `change` of the pictures the number and size of those of training may
    /// differ, as long as an epoch has as many steps, and no validation of before counts.
    void restore_checkpoint(const std::filesystem::path& path, const DataChange& change = {});

  private:
    DataFacts data_facts() const;
    /// Has the batches of the pass that the next step is of, a function of seed and step. Returns the step's
    /// number in that pass.
    std::uint32_t take_pass();
    /// What this rank has of a step.
    BatchShares batch_shares(std::uint32_t of_pass) const;
    void record_step();
    /// The step of progress_.
    void make_step(float learning_rate);
    /// Orders it from the other ranks, who have rank 0's values before it.
    LedWork lead(const RankOrder& order);
    /// Of all validation examples or pictures. All ranks call it together.
    struct ValidationScores {
        std::vector<double> losses;
        ExampleScores of_labels{};  ///< right answers, where there are such
    };
    ValidationScores validation_scores();
    /// Waits, and adds the losses and right answers of the steps since run_epoch() was called to the epoch's
    /// sums.
    void collect_losses();
    Score validation_score();
    /// Looks at the validation examples, and tells of it.
    Score validate();
    bool validates() const { return validated_ > 0; }
    bool validation_is_due() const;
    void require_finite(const std::vector<NamedTensor>& tensors) const;
    EpochRecord end_epoch();
    [[noreturn]] void fail(const char* what, std::uint64_t step) const;

    TrainOptions options_;
    const Examples& training_;
    Network network_;
    double to_unit_range_;                         ///< times a loss as the device computes it: of values 0..1
    bool takes_labels_;                            ///< the loss, and so there are right answers
    std::uint32_t validated_;                      ///< examples or pictures of validation, on all ranks
    std::optional<ExampleSubset> own_validation_;  ///< of examples those of this rank, where it has some
    TrainedValues values_;
    std::unique_ptr<TrainingPlan> plan_;
    std::unique_ptr<BatchSource> source_;
    std::optional<Evaluator> evaluator_;           ///< of own_validation_
    std::optional<PictureLosses> picture_losses_;  ///< of validation pictures
    Buffer loss_, correct_;     ///< of the latest step; right answers, where there are such
    Buffer losses_, corrects_;  ///< [steps of an epoch]
    Shares shares_;
    PassBatches batches_;                     ///< of pass_
    Batches own_batches_;                     ///< of these the examples of this rank
    std::optional<std::uint32_t> pass_;       ///< none before the first step
    bool has_shared_ = false;                 ///< the other ranks have these values
    std::uint32_t step_examples_ = 0;         ///< of the latest step, on all ranks
    std::vector<std::uint32_t> batch_sizes_;  ///< [steps since run_epoch() was called]
    Progress progress_;
    NormSchedule norms_;
    EarlyStop early_stop_;
    std::function<void(const ValidationRecord&)> tell_of_validation_;
    std::chrono::steady_clock::duration rested_{};  ///< since run_epoch() was called
    Parameters epoch_parameters_;
    /// The calls of a step, by the number of examples of each share and whether the norms are frozen.
    std::map<std::pair<std::vector<std::uint32_t>, bool>, Recorder::Recording> recordings_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
};

}  // namespace shadenet
