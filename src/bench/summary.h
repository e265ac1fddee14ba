// Timings, and repeated ones in a few figures.
#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
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

/// What this process has taken of all processors so far: beside the time by the clock it tells whether others
/// had them. (On Windows it is the time by the clock.)
inline double processor_milliseconds() {
    return 1000.0 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Before anything is timed: runs `work` twice at least, which compiles what is compiled at the first call,
/// and for a third of a second: a GPU at rest has slowed its clock, and raises it only under load. `ends` is
/// asked after each whether that is enough, which it is told, and may know better.
template <typename Work, typename Ends>
void warm_up(const Work& work, const Ends& ends) {
    constexpr int least = 2;
    constexpr std::chrono::milliseconds enough{333};
    const auto begin = std::chrono::steady_clock::now();
    int done = 0;
    do {
        work();
        ++done;
    } while (!ends(done >= least && std::chrono::steady_clock::now() - begin >= enough));
}

template <typename Work>
void warm_up(const Work& work) {
    warm_up(work, [](bool enough) { return enough; });
}

}  // namespace shadenet
