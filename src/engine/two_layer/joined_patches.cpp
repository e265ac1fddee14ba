#include "engine/two_layer/joined_patches.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>
#include <utility>

namespace shadenet {

namespace {

constexpr std::uint32_t most_steps = 8;  // whose moments are exchanged at once

/// All numbers of moments, for which every rank has the same places.
std::vector<double> numbers_of(std::span<const PatchMoments> all) {
    std::vector<double> numbers;
    for (const PatchMoments& one : all) {
        numbers.push_back(one.count);
        numbers.insert(numbers.end(), one.sum.begin(), one.sum.end());
        numbers.insert(numbers.end(), one.product.begin(), one.product.end());
    }
    return numbers;
}

PatchMoments moments_from(std::span<const double> numbers, PatchMoments like) {
    like.count = numbers.front();
    const auto [sum, product] =
        std::pair(numbers.subspan(1, like.sum.size()), numbers.subspan(1 + like.sum.size()));
    std::ranges::copy(sum, like.sum.begin());
    std::ranges::copy(product, like.product.begin());
    return like;
}

}  // namespace

PatchMoments no_moments(std::uint32_t channels, std::uint32_t kernel) {
    const std::size_t patch = std::size_t{channels} * kernel * kernel;
    return {kernel, channels, 0, std::vector<double>(patch), std::vector<double>(patch * patch)};
}

std::vector<float> joined_patch_statistics(std::span<const PatchMoments> shares) {
    PatchMoments sum = shares.front();
    for (const PatchMoments& share : shares.subspan(1)) sum.add(share);
    PatchStatistics statistics = patch_statistics(sum);
    std::vector<float> values = std::move(statistics.mean);
    values.insert(values.end(), statistics.factor.begin(), statistics.factor.end());
    return values;
}

void JoinedPatches::begin_pass(std::uint32_t steps) {
    steps_ = steps;
    joined_.clear();
}

const std::vector<float>& JoinedPatches::take(std::uint32_t step, const OwnMoments& own) {
    const auto known = static_cast<std::uint32_t>(joined_.size());
    if (step >= first_ && step < first_ + known) return joined_[step - first_];
    const bool goes_on = known > 0 && step == first_ + known;
    const std::uint32_t count = std::min(goes_on ? std::min(2 * known, most_steps) : 1, steps_ - step);
    std::vector<PatchMoments> mine;  // [count][own shares]
    for (std::uint32_t next = step; next < step + count; ++next)
        std::ranges::move(own(next), std::back_inserter(mine));
    const std::vector<double> numbers = numbers_of(mine);
    const std::vector<std::byte> bytes =
        shares_.group().gather(std::as_bytes(std::span(numbers)), "moments of patches");
    std::vector<double> all(bytes.size() / sizeof(double));  // [ranks][count][own shares]
    std::memcpy(all.data(), bytes.data(), bytes.size());
    const std::size_t each = numbers.size() / mine.size();
    first_ = step;
    joined_.clear();
    for (std::uint32_t next = 0; next < count; ++next) {
        std::vector<PatchMoments> of_step;
        for (std::uint32_t share = 0; share < shares_.count(); ++share) {
            const std::size_t rank = share / shares_.own(),
                              place = next * shares_.own() + share % shares_.own();
            const std::size_t at = (rank * mine.size() + place) * each;
            of_step.push_back(moments_from(std::span(all).subspan(at, each), mine.front()));
        }
        joined_.push_back(joined_patch_statistics(of_step));
    }
    return joined_[0];
}

}  // namespace shadenet
