#include "bench/rank_bench.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "engine/stack/step_rows.h"
#include "engine/stack/weight_form.h"

namespace shadenet {

namespace {

/// Of one exchange of so many bytes a rank, in microseconds.
double exchange_us(Group& group, std::size_t bytes, int runs) {
    const std::vector<std::byte> mine(bytes);
    std::vector<double> times;
    group.gather(mine);
    for (int i = 0; i < runs; ++i) times.push_back(1e3 * milliseconds_of([&] { group.gather(mine); }));
    return summarize(times).median;
}

/// Columns of the rows of which only the sum is wanted.
std::vector<std::uint32_t> sum_columns(const BenchedStep& step) {
    std::vector<std::uint32_t> columns;
    if (step.plan != PlanKind::stack) return columns;
    const auto add = [&](const WeightForm& form) {
        columns.push_back(static_cast<std::uint32_t>(form.weights.block_values()));
    };
    for (const Layer& layer : step.network.layers) {
        if (const auto* conv = std::get_if<Conv>(&layer)) add(WeightForm::of(*conv));
        if (const auto* dense = std::get_if<Dense>(&layer)) add(WeightForm::of(*dense));
    }
    return columns;
}

/// What the sums of such rows, of as many shares as ranks, are of a step's exchanges.
struct SumTraffic {
    double more_calls = 0, bytes = 0;  ///< that come in
};
SumTraffic traffic_of(std::span<const std::uint32_t> sum_columns, std::uint32_t ranks) {
    SumTraffic traffic;
    const double others = ranks - 1;
    for (const std::uint32_t columns : sum_columns) {
        const double row = columns * sizeof(float);
        const bool slices = StepRows::in_slices(columns, ranks, ranks);
        if (slices) traffic.more_calls = 1;
        traffic.bytes += slices ? 2 * row * others / ranks : row * others;
    }
    return traffic;
}

double bytes_from_others(const Group& group, const Exchanges& exchanges) {
    return static_cast<double>(exchanges.bytes) / group.size() * (group.size() - 1);
}

std::vector<NamedExchange> named_exchanges(const Group& group, std::uint32_t steps) {
    std::vector<NamedExchange> all;
    for (const auto& [name, exchanges] : group.named_exchanges()) {
        const auto calls = static_cast<double>(exchanges.calls);
        all.push_back({name, calls / steps, bytes_from_others(group, exchanges) / calls,
                       1e6 * exchanges.seconds / calls, 1e6 * exchanges.least_seconds});
    }
    return all;
}

/// Latencies that an exchange takes.
double rounds(std::uint32_t ranks) {
    return ranks > 1 ? std::bit_width(ranks - 1) : 0;
}

}  // namespace

LinkSpeed measure_link(Group& group) {
    if (group.is_alone()) return {};
    constexpr std::size_t few = 8, many = 1 << 20;
    const double small = exchange_us(group, few, 201), large = exchange_us(group, many, 21);
    return {small / rounds(group.size()),
            static_cast<double>(many) * (group.size() - 1) / std::max(large - small, 1e-3)};
}

RankTimes time_ranks(const Device& device, Group& group, const BenchedStep& benched, const Shape& shape,
                     std::uint32_t runs, const PlanTiles& tiles) {
    const std::uint32_t ranks = group.size();
    const Noise examples(benched.network, with_images(shape, shape.n * ranks));
    BenchedStep step = benched;
    step.shares = Shares(group, ranks, shape.n);
    TrainingBench bench(device, step, examples, tiles);
    group.forget_exchanges();
    std::vector<double> steps, exchanges;
    for (std::uint32_t i = 0; i < runs; ++i) {
        const double waited = group.exchanges().seconds;
        steps.push_back(bench.time_step());
        exchanges.push_back(1e3 * (group.exchanges().seconds - waited));
    }
    const Exchanges all = group.exchanges();
    const double of_runs = runs;
    return {.ranks = ranks,
            .step = summarize(steps),
            .exchange_ms = summarize(exchanges).median,
            .calls = static_cast<double>(all.calls) / of_runs,
            .bytes = bytes_from_others(group, all) / of_runs,
            .exchanges = named_exchanges(group, runs),
            .sum_columns = sum_columns(benched),
            .link = measure_link(group)};
}

double predicted_ms(const RankTimes& times, double work_ms, const LinkSpeed& link, std::uint32_t ranks) {
    const SumTraffic timed = traffic_of(times.sum_columns, times.ranks);
    const SumTraffic sums = traffic_of(times.sum_columns, ranks);
    const double beside = (times.bytes - timed.bytes) / std::max(times.ranks - 1, 1u);  // of each other rank
    const double calls = times.calls - timed.more_calls + sums.more_calls;
    const double latencies = calls * rounds(ranks) * link.latency_us;
    const double transfer = (beside * (ranks - 1) + sums.bytes) / link.bytes_per_us;
    return work_ms + (latencies + transfer) * 1e-3;
}

}  // namespace shadenet
