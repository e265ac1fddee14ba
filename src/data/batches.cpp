#include "data/batches.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "model/random.h"

namespace shadenet {

namespace {

std::uint32_t batch_of(std::uint32_t size, std::uint32_t batch) {
    return batch == 0 ? size : std::min(batch, size);
}

/// Adds the batches of one domain, whose examples begin at `first`.
void add_domain(EpochBatches& epoch, std::uint32_t domain, std::uint32_t first, std::uint32_t size,
                std::uint32_t batch, std::mt19937_64& random) {
    std::vector<std::uint32_t> order(size);
    std::iota(order.begin(), order.end(), 0u);
    if (batch < size) order = permutation(size, random);
    for (std::uint32_t& example : order) example += first;
    for (std::vector<std::uint32_t>& examples : batches_of(order, batch)) {
        epoch.examples.push_back(std::move(examples));
        epoch.domains.push_back(domain);
    }
}

}  // namespace

Batches batches_of(const std::vector<std::uint32_t>& order, std::uint32_t batch) {
    Batches batches;
    for (std::size_t first = 0; first < order.size(); first += batch) {
        const std::size_t end = std::min<std::size_t>(order.size(), first + batch);
        batches.emplace_back(order.begin() + first, order.begin() + end);
    }
    return batches;
}

Batches batches_in_order(std::uint32_t count, std::uint32_t batch) {
    std::vector<std::uint32_t> order(count);
    std::iota(order.begin(), order.end(), 0u);
    return batches_of(order, batch);
}

std::uint32_t largest_batch(std::span<const std::uint32_t> sizes, std::uint32_t batch) {
    std::uint32_t largest = 0;
    for (const std::uint32_t size : sizes) largest = std::max(largest, batch_of(size, batch));
    return largest;
}

std::uint32_t steps_of_epoch(std::span<const std::uint32_t> sizes, std::uint32_t batch) {
    std::uint32_t steps = 0;
    for (const std::uint32_t size : sizes) {
        const std::uint32_t examples = batch_of(size, batch);
        steps += size / examples + (size % examples != 0);
    }
    return steps;
}

EpochBatches epoch_batches(std::span<const std::uint32_t> sizes, std::uint32_t batch, std::uint64_t seed,
                           std::uint32_t epoch) {
    std::mt19937_64 random = random_stream(seed, epoch);
    EpochBatches in_turn;
    std::uint32_t first = 0;
    for (std::uint32_t domain = 0; domain < sizes.size(); ++domain) {
        add_domain(in_turn, domain, first, sizes[domain], batch_of(sizes[domain], batch), random);
        first += sizes[domain];
    }
    if (sizes.size() == 1) return in_turn;
    EpochBatches mixed;
    for (const std::uint32_t step :
         permutation(static_cast<std::uint32_t>(in_turn.examples.size()), random)) {
        mixed.examples.push_back(std::move(in_turn.examples[step]));
        mixed.domains.push_back(in_turn.domains[step]);
    }
    return mixed;
}

}  // namespace shadenet
