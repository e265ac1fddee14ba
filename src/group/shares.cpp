#include "group/shares.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

Shares::Shares(Group& group, std::uint32_t count, std::uint32_t block)
    : group_(&group), count_(count == 0 ? group.size() : count), block_(block) {
    if (count_ % group.size() == 0) return;
    throw InputError(fmt::format(
        "the run is of {} shares, and {} ranks cannot have as many each; use a number of ranks that divides "
        "them, or in a new run --shares {}",
        count_, group.size(), group.size()));
}

std::vector<std::uint32_t> Shares::own_before(std::uint32_t end) const {
    std::vector<std::uint32_t> mine;
    for (std::uint32_t example = 0; example < end; ++example)
        if (owns(example)) mine.push_back(example);
    return mine;
}

std::size_t Shares::own_most(std::uint32_t end) const {
    std::vector<std::size_t> counts(group_->size());
    for (std::uint32_t example = 0; example < end; ++example) ++counts[rank_of(example)];
    return *std::ranges::max_element(counts);
}

std::vector<std::uint32_t> Shares::own_examples(std::span<const std::uint32_t> step) const {
    std::vector<std::uint32_t> mine;
    for (std::uint32_t share = first(); share < first() + own(); ++share) {
        for (const std::uint32_t example : step) {
            if (of(example) == share) mine.push_back(example);
        }
    }
    return mine;
}

std::vector<std::uint32_t> Shares::sizes(std::span<const std::uint32_t> own_examples) const {
    std::vector<std::uint32_t> sizes(own());
    for (const std::uint32_t example : own_examples) ++sizes[of(example) - first()];
    return sizes;
}

std::vector<std::uint32_t> places_in(std::span<const std::uint32_t> own,
                                     std::span<const std::uint32_t> examples) {
    std::vector<std::uint32_t> places;
    for (const std::uint32_t example : examples)
        places.push_back(static_cast<std::uint32_t>(std::ranges::lower_bound(own, example) - own.begin()));
    return places;
}

}  // namespace shadenet
