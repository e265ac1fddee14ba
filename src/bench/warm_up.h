// What comes before anything is timed.
#pragma once

#include <chrono>

namespace shadenet {

/// Runs `work` twice at least, which compiles what is compiled at the first call, and for a third of a
/// second: a GPU at rest has slowed its clock, and raises it only under load.
template <typename Work>
void warm_up(const Work& work) {
    constexpr int least = 2;
    constexpr std::chrono::milliseconds enough{333};
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < least || std::chrono::steady_clock::now() - begin < enough; ++i) work();
}

}  // namespace shadenet
