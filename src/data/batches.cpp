#include "data/batches.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <utility>

#include "group/shares.h"
#include "model/random.h"

namespace shadenet {

namespace {

std::uint32_t batch_of(std::uint32_t size, std::uint32_t batch) {
    return batch == 0 ? size : std::min(batch, size);
}

/// The examples of a domain that a pass takes.
std::uint32_t examples_taken(std::uint32_t size, const StepRule& rule) {
    return rule.drop_last ? size - size % batch_of(size, rule.batch) : size;
}

std::uint64_t examples_of_pass(std::span<const std::uint32_t> sizes, const StepRule& rule) {
    std::uint64_t examples = 0;
    for (const std::uint32_t size : sizes) examples += examples_taken(size, rule);
    return examples;
}

/// Mixes the examples from `first` to before `first + size` within each share, and takes of all shares
/// evenly.
std::vector<std::uint32_t> mixed_order(std::uint32_t first, std::uint32_t size, const StepRule& rule,
                                       std::mt19937_64& random) {
    std::vector<std::vector<std::uint32_t>> shares(rule.shares);
    for (std::uint32_t i = first; i < first + size; ++i)
        shares[share_of(i, rule.shares, rule.block)].push_back(i);
    struct Turn {
        std::uint64_t place, of;  ///< how far it is through its share: place / of
        std::uint32_t example;
    };
    std::vector<Turn> turns;
    // Which share begins is drawn too: few examples a share would make the same steps in every pass.
    const std::vector<std::uint32_t> in_turn =
        rule.shares > 1 ? permutation(rule.shares, random) : std::vector<std::uint32_t>{0};
    for (const std::uint32_t number : in_turn) {
        const std::vector<std::uint32_t>& share = shares[number];
        if (share.empty()) continue;
        const auto members = static_cast<std::uint32_t>(share.size());
        std::uint64_t place = 1;
        for (const std::uint32_t member : permutation(members, random)) {
            turns.push_back({place, 2 * std::uint64_t{members}, share[member]});
            place += 2;
        }
    }
    std::ranges::stable_sort(turns,
                             [](const Turn& a, const Turn& b) { return a.place * b.of < b.place * a.of; });
    std::vector<std::uint32_t> order;
    for (const Turn& turn : turns) order.push_back(turn.example);
    return order;
}

/// Adds the batches of one domain, whose examples begin at `first`.
void add_domain(PassBatches& pass, std::uint32_t domain, std::uint32_t first, std::uint32_t size,
                const StepRule& rule, std::mt19937_64& random) {
    const std::uint32_t batch = batch_of(size, rule.batch);
    std::vector<std::uint32_t> order(size);
    std::iota(order.begin(), order.end(), first);
    if (batch < size && !rule.in_order) order = mixed_order(first, size, rule, random);
    order.resize(examples_taken(size, rule));
    for (std::vector<std::uint32_t>& examples : batches_of(order, batch)) {
        pass.examples.push_back(std::move(examples));
        pass.domains.push_back(domain);
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

std::uint32_t largest_share(std::span<const std::uint32_t> sizes, const StepRule& rule) {
    if (rule.shares == 1) return largest_batch(sizes, rule.batch);
    std::uint32_t largest = 0, first = 0;
    for (const std::uint32_t size : sizes) {
        std::vector<std::uint32_t> members(rule.shares);
        for (std::uint32_t i = first; i < first + size; ++i) ++members[share_of(i, rule.shares, rule.block)];
        const std::uint64_t most = std::ranges::max(members), batch = batch_of(size, rule.batch);
        // A step takes part t of every share, give or take an example of each, and so part t of all, give or
        // take as many as there are shares.
        const std::uint64_t even = (batch + rule.shares) * most / size + 2;
        const std::uint64_t taken = rule.in_order ? most : std::min(most, even);
        largest = std::max(largest, static_cast<std::uint32_t>(std::min(batch, taken)));
        first += size;
    }
    return largest;
}

std::uint32_t steps_of_pass(std::span<const std::uint32_t> sizes, const StepRule& rule) {
    std::uint32_t steps = 0;
    for (const std::uint32_t size : sizes) {
        const std::uint32_t batch = batch_of(size, rule.batch), taken = examples_taken(size, rule);
        steps += taken / batch + (taken % batch != 0);
    }
    return steps;
}

std::uint32_t steps_of_epoch(std::span<const std::uint32_t> sizes, const StepRule& rule) {
    return rule.epoch_steps > 0 ? rule.epoch_steps : steps_of_pass(sizes, rule);
}

PassBatches pass_batches(std::span<const std::uint32_t> sizes, const StepRule& rule, std::uint64_t seed,
                         std::uint32_t pass) {
    std::mt19937_64 random = random_stream(seed, pass);
    PassBatches in_turn;
    std::uint32_t first = 0;
    for (std::uint32_t domain = 0; domain < sizes.size(); ++domain) {
        add_domain(in_turn, domain, first, sizes[domain], rule, random);
        first += sizes[domain];
    }
    if (sizes.size() == 1 || rule.in_order) return in_turn;
    PassBatches mixed;
    for (const std::uint32_t step :
         permutation(static_cast<std::uint32_t>(in_turn.examples.size()), random)) {
        mixed.examples.push_back(std::move(in_turn.examples[step]));
        mixed.domains.push_back(in_turn.domains[step]);
    }
    return mixed;
}

std::uint64_t examples_of_steps(std::span<const std::uint32_t> sizes, const StepRule& rule,
                                std::uint64_t seed, std::uint64_t first, std::uint64_t end) {
    const std::uint32_t steps = steps_of_pass(sizes, rule);
    // The number of examples in all steps of a run before `step`.
    const auto before = [&](std::uint64_t step) {
        std::uint64_t examples = step / steps * examples_of_pass(sizes, rule);
        if (step % steps == 0) return examples;
        const PassBatches pass = pass_batches(sizes, rule, seed, static_cast<std::uint32_t>(step / steps));
        for (std::uint64_t i = 0; i < step % steps; ++i) examples += pass.examples[i].size();
        return examples;
    };
    return before(end) - before(first);
}

double examples_of_epoch(std::span<const std::uint32_t> sizes, const StepRule& rule) {
    return static_cast<double>(examples_of_pass(sizes, rule)) * steps_of_epoch(sizes, rule) /
           steps_of_pass(sizes, rule);
}

}  // namespace shadenet
