#include "bench/rank_bench.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <vector>

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
    const Exchanges before = group.exchanges();
    std::vector<double> steps, exchanges;
    for (std::uint32_t i = 0; i < runs; ++i) {
        const double waited = group.exchanges().seconds;
        steps.push_back(bench.time_step());
        exchanges.push_back(1e3 * (group.exchanges().seconds - waited));
    }
    const Exchanges& after = group.exchanges();
    const double of_runs = runs;
    return {.ranks = ranks,
            .step = summarize(steps),
            .exchange_ms = summarize(exchanges).median,
            .calls = static_cast<double>(after.calls - before.calls) / of_runs,
            .bytes_of_rank = static_cast<double>(after.bytes - before.bytes) / ranks / of_runs,
            .link = measure_link(group)};
}

double predicted_ms(const RankTimes& times, double work_ms, const LinkSpeed& link, std::uint32_t ranks) {
    const double latencies = times.calls * rounds(ranks) * link.latency_us;
    const double transfer = times.bytes_of_rank * (ranks - 1) / link.bytes_per_us;
    return work_ms + (latencies + transfer) * 1e-3;
}

}  // namespace shadenet
