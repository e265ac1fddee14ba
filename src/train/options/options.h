// Everything that a training run is told. config.json holds it all.
#pragma once

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/batches.h"
#include "data/checked_pairs.h"
#include "data/run_data.h"
#include "model/network_choice.h"
#include "model/optimizer.h"
#include "model/plan_kind.h"
#include "model/start_values.h"
#include "train/options/schedule.h"

namespace shadenet {

/// What can be changed by hand in the course of a run.
struct Rates {
    float learning_rate;
    std::optional<float> decay;  ///< of all norms; none: the norms keep the network's own
    bool operator==(const Rates&) const = default;
};
/// Rates that hold from step `step` on, the first step being 0.
struct RateChange {
    std::uint64_t step;
    Rates rates;
    bool operator==(const RateChange&) const = default;
};

/// The first epoch, from 1, whose norms use and keep the moving statistics; 0: none. Or after which share of
/// a run's epochs they do, however long it is, to be replaced by in().
class NormFreeze {
  public:
    // A number of an epoch is meant by itself.
    constexpr NormFreeze(std::uint32_t epoch = 0) : epoch_(epoch) {}
    /// 1 to 99.
    static constexpr NormFreeze after_percent(std::uint32_t percent) {
        NormFreeze freeze;
        freeze.percent_ = percent;
        return freeze;
    }

    constexpr bool is_share() const { return percent_ > 0; }
    constexpr std::uint32_t percent() const { return percent_; }
    /// 0 for a share, too.
    constexpr std::uint32_t epoch() const { return epoch_; }
    /// Of a run of so many epochs; where none of them is left to be frozen, or none before, none is.
    constexpr NormFreeze in(std::uint32_t epochs) const {
        if (!is_share()) return *this;
        const auto before = static_cast<std::uint32_t>((std::uint64_t{epochs} * percent_ + 99) / 100);
        return before == 0 || before >= epochs ? 0 : before + 1;
    }
    bool operator==(const NormFreeze&) const = default;

  private:
    std::uint32_t epoch_, percent_ = 0;
};

/// "7", "50%".
std::string to_string(NormFreeze freeze);
/// Throws InputError for what to_string() does not give.
NormFreeze norm_freeze(const std::string& text);

struct TrainOptions {
    std::filesystem::path input, target;  ///< folders, paired by file stem; empty where there are domains
    std::vector<Domain> domains;          ///< each of another name; the first's statistics are the model's
    std::filesystem::path validation_input,
        validation_target;           ///< both or neither; empty when there are none
    std::filesystem::path test;      ///< pictures without targets; may be empty
    std::filesystem::path labelled;  ///< a folder of labelled pictures, in place of all these
    std::string split = "auto";      ///< of labelled pictures; see split_rule()
    bool pool = false;               ///< put all parts together before they are split
    bool coarse = false;             ///< the coarse labels of CIFAR-100
    bool evaluate_both = false;  ///< each epoch score all sets with the sets' statistics and the moving ones
    std::filesystem::path output;  ///< the run folder
    std::filesystem::path init;    ///< a model to begin with; may be empty
    NetworkChoice network;
    StartValues start;  ///< of a new network
    OptimizerOptions optimizer;
    Schedule schedule;    ///< of the learning rate
    bool debias = false;  ///< moving averages of the batches alone, without their start
    NormFreeze freeze_norm;
    bool zero_init_residual = false;  ///< γ of the last norm begins at 0
    std::uint32_t epochs = 200;
    std::uint64_t steps = 0;        ///< in place of epochs, which take_steps() makes of it; 0: no such number
    std::uint32_t epoch_steps = 0;  ///< steps of an epoch; 0: those of a pass over all examples
    std::uint32_t batch = 0;        ///< images of a step; 0: all
    bool drop_last = false;         ///< a smaller last batch of a pass is left out
    bool in_order = false;          ///< examples in their order
    std::uint32_t shares = 0;       ///< that make a step together; 0: one for each rank
    bool resize = true;             ///< to squares of `size`; false: crops are taken
    /// Side of these squares or crops; 0: pictures are taken whole, at their own size.
    std::uint32_t size = 512;
    std::uint32_t crops = 1;     ///< of every pair in an epoch
    bool flip = false;           ///< half of the crops, or of labelled pictures, are mirrored left to right
    std::uint32_t crop_pad = 0;  ///< zeros around labelled pictures, which are cut at a random place
    bool align = false;          ///< take whole-pixel shifts between inputs and targets out
    std::uint64_t seed = 0;
    std::uint32_t validate_every = 0;  ///< steps from one validation to the next; 0: an epoch's
    std::uint32_t early_stop = 0;      ///< validations without a better loss that end the run; 0: never
    bool solve = false;                ///< solve the last layer after training
    bool histograms = false;           ///< keep the distributions of the norms' inputs and outputs
    bool tensorboard = false;          ///< write event files
    PlanKind plan = PlanKind::automatic;
    std::string tiles;  ///< the plan's by name; empty: to be chosen
    bool resume = false;
    bool changed_data = false;        ///< of a resumed run: its pictures may be others now
    RunData data;                     ///< not known before the pictures are read
    std::vector<RateChange> changes;  ///< by hand; each at a later step than the one before

    /// Of a step, the schedule aside; with a decay where all norms have the same.
    Rates rates(std::uint64_t step) const;
    /// What a step is made with: the rate of rates() times the schedule's factor.
    float learning_rate(std::uint64_t step) const;
    /// The decay that a change by hand has set for all norms in a step; none where each has the network's
    /// own.
    std::optional<float> changed_decay(std::uint64_t step) const;
    /// No change has another decay than the network's.
    bool keeps_decay() const;

    /// Examples are crops of the training pictures, which may have any sizes then.
    bool takes_crops() const { return !resize && size > 0 && !learns_classes(); }
    /// Examples are labelled pictures.
    bool learns_classes() const { return !labelled.empty(); }
    /// The domains that the pairs of training are of; one without a name where none has one.
    std::vector<Domain> training_domains() const;
    /// Of all pairs.
    SizeRule size_rule() const;
    StepRule step_rule() const {
        return {batch, drop_last, in_order, epoch_steps, std::max(shares, 1u), takes_crops() ? crops : 1};
    }

    static constexpr std::uint32_t largest_size = 16'384;
    static constexpr std::uint32_t most_epochs = 1'000'000, most_epoch_steps = 1'000'000;
    static constexpr std::uint32_t most_shares = 4096;
};

/// Whether --zero-init-residual has a meaning: a new network that ends with a norm that has γ, and the input
/// added.
bool can_begin_unchanged(const TrainOptions& options);
/// The network is new, and has what --beta-spread is for.
bool can_spread_betas(const TrainOptions& options);

/// Throws InputError naming the flag (--epochs and so on), its value and what is accepted.
void validate(const TrainOptions& options);
/// Throws InputError likewise.
void validate(const Rates& rates);

/// What config.json is to hold; `device` says what ran it, for readers. Throws InputError when a path in it
/// is not UTF-8.
std::string config_text(const TrainOptions& options, const std::string& device);
/// What config_text() gave. Throws InputError "<source>: ..." for anything else.
TrainOptions parse_config(const std::string& text, const std::string& source);
/// As large as that of a million pairs.
inline constexpr std::uint64_t most_config_bytes = std::uint64_t{1} << 28;
/// Without a plan in it, the plan is automatic. Throws InputError "<path>: ..." for a file that is no such
/// configuration, or larger than most_config_bytes.
TrainOptions read_config(const std::filesystem::path& path);

}  // namespace shadenet
