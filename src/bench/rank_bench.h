// What it costs the ranks of a group to make training steps together, and what it would cost more of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/summary.h"
#include "bench/training_bench.h"
#include "group/group.h"

namespace shadenet {

/// Of an exchange in which every rank gets what every other gives.
struct LinkSpeed {
    double latency_us = 0;    ///< of a few bytes, from one rank to another
    double bytes_per_us = 0;  ///< that a rank gets, of large ones
};

/// One of the exchanges of steps.
struct NamedExchange {
    std::string name;
    double calls = 0;     ///< of a step; less than one is made for several steps
    double bytes = 0;     ///< that come in from the other ranks in a call
    double mean_us = 0;   ///< of a call, with the wait for slower ranks
    double least_us = 0;  ///< where hardly any rank had to wait
};

/// Of a step of a group whose ranks have as many examples each.
struct RankTimes {
    std::uint32_t ranks = 1;
    Summary step;
    double exchange_ms = 0;  ///< a step's exchanges in the median step, with the wait for slower ranks
    double calls = 0;        ///< exchanges of a step
    double bytes = 0;        ///< that come in from the other ranks in them
    std::vector<NamedExchange> exchanges{};    ///< by their names
    std::vector<std::uint32_t> sum_columns{};  ///< of the rows that are only summed: see StepRows
    LinkSpeed link{};

    /// Milliseconds of a step without its exchanges.
    double work_ms() const { return step.median - exchange_ms; }
};

/// Measures by calls of the group, which all ranks must make together. Of a process by itself nothing.
LinkSpeed measure_link(Group& group);

/// Times `runs` steps, of `shape`.n examples of each rank, on all ranks together: the result is this rank's.
/// Throws as TrainingBench does.
RankTimes time_ranks(const Device& device, Group& group, const BenchedStep& benched, const Shape& shape,
                     std::uint32_t runs, const PlanTiles& tiles);

/// Milliseconds of a step of `ranks` ranks with `work_ms` of their own, which make the exchanges of `times`
/// over such links, and sums in slices as so many ranks do: an exchange takes ⌈log₂ ranks⌉ latencies, as
/// neighbours, then pairs of them, and so on give each other what they have, and the bytes of all other ranks
/// come in over one link.
/// docs/distributed.md says what this leaves out.
double predicted_ms(const RankTimes& times, double work_ms, const LinkSpeed& link, std::uint32_t ranks);

}  // namespace shadenet
