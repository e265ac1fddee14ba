// The difference between the results of two sets of parameters.
#pragma once

#include <cstdint>

#include "image/image.h"
#include "model/network.h"
#include "model/parameters.h"
#include "statistics/health.h"
#include "statistics/picture_source.h"

namespace shadenet {

class Device;

/// Enough pictures to show what a filter does; more would take longer.
inline constexpr std::uint32_t most_compared = 8;

/// Sums the differences of pairs of results.
class DifferenceSum {
  public:
    /// Values are clamped to 0..1 as in files; not rounded. Throws std::invalid_argument for pictures of
    /// different sizes.
    void add(const Image& one, const Image& other);
    std::uint32_t pictures() const { return pictures_; }
    /// The difference over all pictures so far, with equal weight for every value; NaN if a value was NaN. 0
    /// before the first picture.
    OutputDifference difference() const;

  private:
    std::uint32_t pictures_ = 0;
    std::uint64_t values_ = 0;
    double sum_ = 0, largest_ = 0;
};

/// Compares the network's results with two sets of parameters: on the first 8 readable pictures, or on their
/// middle 1024 pixels each way if they are larger. Throws what the device throws.
OutputDifference difference_of(const Device& device, const Network& network, const Parameters& one,
                               const Parameters& other, PictureSource& pictures);

}  // namespace shadenet
