#include "pairs/duplicates.h"

#include <algorithm>

#include "pairs/pair_findings.h"

namespace shadenet {

std::vector<Duplicate> duplicates_of(std::span<const PairLook> looks) {
    std::vector<std::pair<double, std::uint32_t>> by_mean;
    for (std::uint32_t i = 0; i < looks.size(); ++i) {
        if (looks[i].problem.empty()) by_mean.emplace_back(looks[i].input.mean(), i);
    }
    std::ranges::sort(by_mean);
    constexpr auto none = static_cast<std::uint32_t>(-1);
    std::vector<std::uint32_t> first(looks.size(), none);
    for (auto one = by_mean.begin(); one != by_mean.end(); ++one) {
        if (first[one->second] != none) continue;  // the one that it repeats has met all that are like it
        // Means differ by no more than the pictures do.
        for (auto other = one + 1;
             other != by_mean.end() && other->first - one->first <= pair_bounds::same_picture; ++other) {
            const std::uint32_t a = std::min(one->second, other->second);
            const std::uint32_t b = std::max(one->second, other->second);
            if (looks[a].width != looks[b].width || looks[a].height != looks[b].height) continue;
            if (looks[a].input.distance(looks[b].input) > pair_bounds::same_picture) continue;
            first[b] = std::min(first[b], a);
        }
    }
    std::vector<Duplicate> duplicates;
    for (std::uint32_t i = 0; i < first.size(); ++i) {
        if (first[i] == none) continue;
        const double distance = looks[first[i]].target.distance(looks[i].target);
        duplicates.push_back({first[i], i, distance <= pair_bounds::same_picture});
    }
    return duplicates;
}

}  // namespace shadenet
