#include "statistics/output_difference.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>

namespace shadenet {

void DifferenceSum::add(const Image& one, const Image& other) {
    if (one.width != other.width || one.height != other.height) {
        throw std::invalid_argument("pictures of different sizes are compared");
    }
    for (std::size_t i = 0; i < one.values.size(); ++i) {
        const double a = std::clamp(one.values[i], 0.0f, 1.0f), b = std::clamp(other.values[i], 0.0f, 1.0f);
        const double levels = 255 * std::abs(a - b);
        sum_ += levels;
        if (!(levels <= largest_)) largest_ = levels;
    }
    values_ += one.values.size();
    ++pictures_;
}

OutputDifference DifferenceSum::difference() const {
    return {pictures_, values_ == 0 ? 0 : sum_ / static_cast<double>(values_), largest_};
}

}  // namespace shadenet
