// What the norms do in each step of a run: whether they are frozen, and how fast their statistics move.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/learning/training_plan.h"
#include "model/network.h"
#include "train/debiased_decay.h"
#include "train/options/options.h"

namespace shadenet {

/// A function of the options and of the steps so far, which it counts for each domain.
class NormSchedule {
  public:
    /// `options`, of which changes of rates may be added to later, must outlive it. `domain_sizes`: those of
    /// the examples.
    NormSchedule(const TrainOptions& options, const Network& network,
                 std::vector<std::uint32_t> domain_sizes);

    /// Frozen norms, in the epoch after `epoch` others.
    bool frozen(std::uint32_t epoch) const;
    /// Tells the plan what the norms do in step `step`, which is of that epoch and domain, and counts it.
    void begin_step(TrainingPlan& plan, Recorder& recorder, std::uint64_t step, std::uint32_t epoch,
                    std::uint32_t domain);
    /// As if the first `steps` steps had been made here, and no others.
    void replay(std::uint64_t steps);
    /// Of each domain: the steps so far that moved its statistics.
    const std::vector<std::uint64_t>& updates() const { return updates_; }

  private:
    /// Counts a step that moves a domain's statistics, and returns the decay of each norm.
    std::vector<float> count(std::uint64_t step, std::uint32_t domain);

    const TrainOptions& options_;
    std::vector<float> decays_;  ///< of each norm, as the network has them
    std::vector<std::uint32_t> domain_sizes_;
    std::vector<DebiasedDecays> debiased_;  ///< of each domain's steps so far, where the options ask for it
    std::vector<std::uint64_t> updates_;
};

}  // namespace shadenet
