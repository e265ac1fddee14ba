#include "engine/two_layer/joined_patches.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <utility>

namespace shadenet {

namespace {

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

std::vector<PatchMoments> of_all_ranks(const Shares& shares, std::span<const PatchMoments> own) {
    const std::vector<double> mine = numbers_of(own);
    const std::vector<std::byte> bytes = shares.group().gather(std::as_bytes(std::span(mine)));
    std::vector<double> numbers(bytes.size() / sizeof(double));
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    const std::size_t each = mine.size() / own.size();
    std::vector<PatchMoments> all;
    for (std::size_t at = 0; at < numbers.size(); at += each) {
        all.push_back(moments_from(std::span(numbers).subspan(at, each), own.front()));
    }
    return all;
}

}  // namespace

PatchMoments no_moments(std::uint32_t channels, std::uint32_t kernel) {
    const std::size_t patch = std::size_t{channels} * kernel * kernel;
    return {kernel, channels, 0, std::vector<double>(patch), std::vector<double>(patch * patch)};
}

std::vector<float> joined_patch_statistics(const Shares& shares, std::span<const PatchMoments> own) {
    std::vector<PatchMoments> all;
    if (!shares.group().is_alone()) {
        all = of_all_ranks(shares, own);
        own = all;
    }
    PatchMoments sum = own.front();
    for (const PatchMoments& share : own.subspan(1)) sum.add(share);
    PatchStatistics statistics = patch_statistics(sum);
    std::vector<float> values = std::move(statistics.mean);
    values.insert(values.end(), statistics.factor.begin(), statistics.factor.end());
    return values;
}

}  // namespace shadenet
