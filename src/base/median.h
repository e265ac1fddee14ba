// The value in the middle.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

namespace shadenet {

/// Of an even number of values the upper of the two in the middle. Needs a value.
inline double upper_median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

}  // namespace shadenet
