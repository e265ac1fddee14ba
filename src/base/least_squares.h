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

/// Least squares plus `ridge` times the squares of how far the weights are from those of `towards`, each in
/// units of its number's deviation: as if each number came with noise of that part of its variance. That
/// keeps weights near those where numbers depend on one another, and costs next to nothing elsewhere. Where
/// the sums themselves have more noise than that, the ridge is made ten times as large until the equations
/// can be solved. Numbers that do not vary keep the weight that they have.
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
