// How far the results of two sets of parameters are apart.
#pragma once

#include <cstdint>

#include "image/image.h"
#include "statistics/health.h"

namespace shadenet {

/// Gathers pairs of results.
class DifferenceSum {
  public:
    /// Values are clamped to 0..1 as in files; not rounded. Throws std::invalid_argument for pictures of
    /// different sizes.
    void add(const Image& one, const Image& other);
    std::uint32_t pictures() const { return pictures_; }
    /// Of all pictures so far, every value counting alike; NaN where a value was. 0 before the first.
    OutputDifference difference() const;

  private:
    std::uint32_t pictures_ = 0;
    std::uint64_t values_ = 0;
    double sum_ = 0, largest_ = 0;
};

}  // namespace shadenet
