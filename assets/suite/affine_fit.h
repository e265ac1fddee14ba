// The best filter that has no layers: least squares over all affine filters of 5x5 pixels, on the host, in
// float64. What a network of that reach should beat where the filter is not affine, and meet where it is.
#pragma once

#include <vector>

#include "image/image.h"

namespace shadenet {

/// Gathers pairs, and solves.
class AffineFit {
  public:
    AffineFit();
    /// Both of one size; beyond the edges lie the outermost pixels.
    void add(const Image& input, const Image& target);
    /// Of all that was added. Directions in which pictures do not differ are left alone.
    void solve();
    /// What the filter makes of a picture, not rounded.
    Image apply(const Image& input) const;

  private:
    std::vector<double> products_;  // [76][76] of patches and a constant
    std::vector<double> mixed_;     // [76][3] with the targets
    std::vector<double> weights_;   // [76][3]
};

}  // namespace shadenet
