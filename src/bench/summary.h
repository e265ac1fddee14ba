// Timings, and repeated ones in a few figures.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace shadenet {

/// Milliseconds, unless another unit is named.
struct Summary {
    double median = 0, min = 0, max = 0;
    std::size_t runs = 0;
};

/// `values` must not be empty.
inline Summary summarize(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t count = values.size();
    return {(values[(count - 1) / 2] + values[count / 2]) / 2, values.front(), values.back(), count};
}

/// How long `work` takes by the host's clock.
template <typename Work>
double milliseconds_of(const Work& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

/// Before anything is timed: runs `work` twice at least, which compiles what is compiled at the first call,
/// and for a third of a second: a GPU at rest has slowed its clock, and raises it only under load.
template <typename Work>
void warm_up(const Work& work) {
    constexpr int least = 2;
    constexpr std::chrono::milliseconds enough{333};
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < least || std::chrono::steady_clock::now() - begin < enough; ++i) work();
}

}  // namespace shadenet
