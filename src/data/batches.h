// Which examples each step takes: passes over all of them, one after the other.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace shadenet {

/// Numbers of examples, batch by batch.
using Batches = std::vector<std::vector<std::uint32_t>>;

/// `order` cut into batches of `batch`, the last one maybe smaller.
Batches batches_of(const std::vector<std::uint32_t>& order, std::uint32_t batch);
/// Of `count` examples in their order.
Batches batches_in_order(std::uint32_t count, std::uint32_t batch);

/// How examples are divided among steps, and steps among epochs.
struct StepRule {
    std::uint32_t batch = 0;        ///< examples of a step; 0: all of a domain
    bool drop_last = false;         ///< a smaller last batch of a domain is left out
    bool in_order = false;          ///< examples, and domains, in their order; else in a random one
    std::uint32_t epoch_steps = 0;  ///< steps of an epoch, wherever passes end; 0: an epoch is a pass
    std::uint32_t shares = 1;       ///< of the job; see group/shares.h
    std::uint32_t block = 1;        ///< examples that follow one another and are of one share
};

/// The steps of a pass over all examples.
struct PassBatches {
    Batches examples;                    ///< [step]
    std::vector<std::uint32_t> domains;  ///< [step] the domain that the step's examples are of
};

// `sizes`: examples of each domain, which lie one after the other; none is 0. Step s of a run is step
// s % steps_of_pass() of pass s / steps_of_pass(), both counted from 0, whatever an epoch is.

/// The most examples that one step has. `batch`: as in a StepRule.
std::uint32_t largest_batch(std::span<const std::uint32_t> sizes, std::uint32_t batch);
/// The most that one share gives to a step: no fewer, and of several shares maybe a few more.
std::uint32_t largest_share(std::span<const std::uint32_t> sizes, const StepRule& rule);
std::uint32_t steps_of_pass(std::span<const std::uint32_t> sizes, const StepRule& rule);
std::uint32_t steps_of_epoch(std::span<const std::uint32_t> sizes, const StepRule& rule);

/// A function of seed and pass: the examples of each domain in random order and cut into batches, and then
/// the batches of all domains in random order. All examples of a domain in one batch stay in their order:
/// their sum is the same in any. Of several shares each has an order of its own, and a step takes
/// from each as even a part as it goes, which may be none.
PassBatches pass_batches(std::span<const std::uint32_t> sizes, const StepRule& rule, std::uint64_t seed,
                         std::uint32_t pass);

/// How many examples the steps from `first` to before `end` take together.
std::uint64_t examples_of_steps(std::span<const std::uint32_t> sizes, const StepRule& rule,
                                std::uint64_t seed, std::uint64_t first, std::uint64_t end);
/// How many an epoch takes, on average.
double examples_of_epoch(std::span<const std::uint32_t> sizes, const StepRule& rule);

}  // namespace shadenet
