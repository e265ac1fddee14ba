// Repeated timings in a few figures.
#pragma once

#include <algorithm>
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
    const double upper = values[count / 2];
    const double lower = values[(count - 1) / 2];
    return {(lower + upper) / 2, values.front(), values.back(), count};
}

}  // namespace shadenet
