#include "train/norm_schedule.h"

#include <algorithm>
#include <utility>

#include "data/batches.h"

namespace shadenet {

NormSchedule::NormSchedule(const TrainOptions& options, const Network& network,
                           std::vector<std::uint32_t> domain_sizes)
    : options_(options), decays_(decays(network)), domain_sizes_(std::move(domain_sizes)) {
    replay(0);
}

bool NormSchedule::frozen(std::uint32_t epoch) const {
    const std::uint32_t first = options_.freeze_norm.epoch();
    return first > 0 && epoch + 1 >= first;
}

void NormSchedule::begin_step(TrainingPlan& plan, Recorder& recorder, std::uint64_t step, std::uint32_t epoch,
                              std::uint32_t domain) {
    plan.freeze_norms(frozen(epoch));
    if (!frozen(epoch)) plan.set_decays(recorder, count(step, domain));
}

std::vector<float> NormSchedule::count(std::uint64_t step, std::uint32_t domain) {
    ++updates_[domain];
    std::vector<float> decays = decays_;
    if (const auto changed = options_.changed_decay(step)) std::ranges::fill(decays, *changed);
    if (options_.debias) debiased_[domain].replace(decays);
    return decays;
}

void NormSchedule::replay(std::uint64_t steps) {
    debiased_.assign(domain_sizes_.size(), {});
    updates_.assign(domain_sizes_.size(), 0);
    const StepRule rule = options_.step_rule();
    const std::uint32_t of_epoch = steps_of_epoch(domain_sizes_, rule);
    const auto moves = [&](std::uint64_t step) {
        return step < steps && !frozen(static_cast<std::uint32_t>(step / of_epoch));
    };
    std::uint64_t step = 0;
    for (std::uint32_t pass = 0; moves(step); ++pass) {
        for (const std::uint32_t domain : pass_batches(domain_sizes_, rule, options_.seed, pass).domains) {
            if (moves(step)) count(step++, domain);
        }
    }
}

}  // namespace shadenet
