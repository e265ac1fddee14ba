// How well a simple filter explains the pairs: least squares from the surroundings of a pixel to its target.
// Each pair leaves moments, which add up, so that any pair can be fitted with, without or by all others.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "image/image.h"

namespace shadenet {

/// What a target is fitted by. `local`: a constant, R, G, B, their squares, products and cubes, so that tone
/// curves and saturation are no residual; what 3x3 and 5x5 pixels around have more than the pixel, both
/// slopes and their sizes, so that blurring, sharpening and edges are less of one. The rest are places, x, y
/// and their squares' sum, alone and times lightness: what no filter of a small window knows.
struct FitTerms {
    static constexpr std::size_t without_slopes = 19, local = 22, all = 29, targets = 3, rows = all + targets;
};

/// Sums of products of all terms and targets, over pixels of one or of several pairs; the upper triangle.
class PairMoments {
  public:
    PairMoments() : products_(FitTerms::rows * (FitTerms::rows + 1) / 2) {}
    PairMoments& operator+=(const PairMoments& other);
    PairMoments& operator-=(const PairMoments& other);
    /// Of row `i` and column `j` in either order.
    double& at(std::size_t i, std::size_t j);
    double at(std::size_t i, std::size_t j) const { return const_cast<PairMoments*>(this)->at(i, j); }
    double pixels() const { return at(0, 0); }
    /// Mean squared deviation of the targets from their means.
    double target_variance() const;

  private:
    std::vector<double> products_;
};

/// [terms][3]
using FitWeights = std::vector<std::array<double, FitTerms::targets>>;

/// By the first `terms` of all. Needs a pixel.
FitWeights fit_of(const PairMoments& moments, std::size_t terms);
/// Mean squared error of the pixels behind `moments`, over three colours of values 0..1; 0 or more.
double error_of(const FitWeights& weights, const PairMoments& moments);

/// The moments of some thousand pixels, evenly spread, and what clips among them.
struct PairFit {
    PairMoments moments;
    /// Shares of the target's values at 0 and at 1 whose inputs are not, where the pair's own fit goes on to
    /// the bound or beyond: the target has lost what was there. 0 where the fit explains little.
    double clipped_dark = 0, clipped_bright = 0;
};
/// Of pictures of one size; those of less than 5 pixels a side have none to fit. `dx`, `dy`: the shift of the
/// target, taken out.
PairFit fit_pair(const Image& input, const Image& target, std::int64_t dx, std::int64_t dy);

/// The share that the same fit leaves of the target's variance between means of 16 x 16 pixels, of some
/// hundred parts evenly spread: of a pattern finer than that, which two pictures may share, nothing is in it.
/// Differences of means count as 12 grey levels at least. 0 for pictures that have too few such parts.
double unexplained_of_means(const Image& input, const Image& target, std::int64_t dx, std::int64_t dy);

}  // namespace shadenet
