// Which examples each step of an epoch takes.
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

/// The steps of an epoch.
struct EpochBatches {
    Batches examples;                    ///< [step]
    std::vector<std::uint32_t> domains;  ///< [step] the domain that the step's examples are of
};

// `sizes`: examples of each domain, which lie one after the other. `batch`: examples of a step; 0: all of a
// domain.

/// The most examples that one step has.
std::uint32_t largest_batch(std::span<const std::uint32_t> sizes, std::uint32_t batch);
std::uint32_t steps_of_epoch(std::span<const std::uint32_t> sizes, std::uint32_t batch);

/// A function of seed and epoch: the examples of each domain in random order and cut into batches, and then
/// the batches of all domains in random order. All examples of a domain in one batch stay in their order:
/// their sum is the same in any.
EpochBatches epoch_batches(std::span<const std::uint32_t> sizes, std::uint32_t batch, std::uint64_t seed,
                           std::uint32_t epoch);

}  // namespace shadenet
