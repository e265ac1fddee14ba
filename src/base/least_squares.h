// Affine functions that fit three targets with the least squares, from moments, in float64.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace shadenet {

/// Sums over many positions of z, which is K numbers that are known there and then three targets.
struct FitSums {
    double count;                     ///< positions, 1 at least
    std::span<const double> sum;      ///< [K + 3], Σ z
    std::span<const double> product;  ///< [K + 3][K + 3], Σ z·zᵀ

    std::size_t known() const { return sum.size() - 3; }  ///< K
};

/// target[c] ≈ bias[c] + Σ_a weight[c·K + a]·z[a].
struct AffineFit {
    std::vector<double> weight;  ///< [3][K]
    std::vector<double> bias;    ///< [3]
    double loss = 0;             ///< mean squared error of the three; 0 where it is less than rounding leaves
};

/// The least squares. Directions in which the K numbers hardly differ are left alone: no float32 could make
/// use of them.
AffineFit best_fit(const FitSums& sums);

/// Least squares with a penalty: `ridge` times the squares of the differences of the weights from the weights
/// of `towards`, each difference in units of its number's deviation. Where numbers depend on one another,
/// that keeps the weights near the weights of `towards`; elsewhere it costs next to nothing. Where the sums
/// have too much rounding for the equations to be solved, the ridge is made ten times as large until they can
/// be. A number that does not vary keeps its weight of `towards`.
AffineFit ridge_fit(const FitSums& sums, double ridge, const AffineFit& towards);

/// The mean squared error of the three, weights and biases as they are; 0 where it is less than rounding
/// leaves.
double loss_of_fit(const FitSums& sums, const AffineFit& fit);

/// The mean and variance over the positions of the values of such a function: [c] of weight and bias.
struct FitMoments {
    double mean, variance;
};
std::vector<FitMoments> fitted_moments(const FitSums& sums, const AffineFit& fit);

}  // namespace shadenet
