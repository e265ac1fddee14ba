// How far the results of two sets of parameters are apart.
#pragma once

#include <cstdint>

#include "image/image.h"
#include "model/network.h"
#include "model/parameters.h"
#include "statistics/health.h"
#include "statistics/picture_source.h"

namespace shadenet {

class Device;

/// As many show what a filter does, and more take their time.
inline constexpr std::uint32_t most_compared = 8;

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

/// Of the first 8 pictures that can be read, of large ones of the middle 1024 pixels each way: what the
/// network makes of them with these parameters and with those. Throws what the device throws.
OutputDifference difference_of(const Device& device, const Network& network, const Parameters& one,
                               const Parameters& other, PictureSource& pictures);

}  // namespace shadenet
