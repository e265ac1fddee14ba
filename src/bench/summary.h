// Repeated timings in a few figures.
#pragma once

#include <algorithm>
#include <vector>

namespace shadenet {

/// Milliseconds.
struct Summary {
    double median = 0, min = 0, max = 0;
    std::size_t runs = 0;
};

/// `milliseconds` must not be empty.
inline Summary summarize(std::vector<double> milliseconds) {
    std::sort(milliseconds.begin(), milliseconds.end());
    const std::size_t count = milliseconds.size();
    const double upper = milliseconds[count / 2];
    const double lower = milliseconds[(count - 1) / 2];
    return {(lower + upper) / 2, milliseconds.front(), milliseconds.back(), count};
}

}  // namespace shadenet
