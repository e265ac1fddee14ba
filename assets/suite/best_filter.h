// The best filter that has no layers: least squares over all affine filters of 5x5 pixels, on the host, in
// float64. A network of that reach should beat it where the filter is not affine, and meet it where it is.
#pragma once

#include <vector>

#include "base/least_squares.h"
#include "image/image.h"

namespace shadenet {

/// Gathers pairs, and solves.
class BestFilter {
  public:
    BestFilter();
    /// Both of one size; beyond the edges lie the outermost pixels.
    void add(const Image& input, const Image& target);
    /// Of all that was added; see best_fit().
    void solve();
    /// What the filter makes of a picture, not rounded.
    Image apply(const Image& input) const;

  private:
    double pixels_ = 0;
    std::vector<double> sum_;      // [78] of patches and targets
    std::vector<double> product_;  // [78][78]
    AffineFit fit_;
};

}  // namespace shadenet
