// How sure a share is that was counted.
#pragma once

#include <cmath>
#include <cstdint>

namespace shadenet {

struct Interval {
    double low = 0, high = 0;
};

/// The 95 % interval of Wilson (1927) for the share of which `count` of `of`, more than 0, were counted.
inline Interval wilson_interval(std::uint64_t count, std::uint64_t of) {
    constexpr double z = 1.959963984540054;  // of the normal distribution's middle 95 %
    const auto n = static_cast<double>(of);
    const double share = static_cast<double>(count) / n, square = z * z / n;
    const double middle = (share + square / 2) / (1 + square);
    const double half = z * std::sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square);
    return {count == 0 ? 0 : middle - half, count == of ? 1 : middle + half};
}

}  // namespace shadenet
