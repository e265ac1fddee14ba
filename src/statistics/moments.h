// Mean and variance of many values, computed piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shadenet {

/// Count, mean and Σ(x − mean)² of some values. Every piece is centred on its own mean, and pieces are merged
/// by the formula of Chan, Golub & LeVeque 1979, so that large numbers that are nearly equal are never
/// subtracted.
struct Moments {
    std::uint64_t count = 0;
    double mean = 0;
    double squares = 0;  ///< Σ(x − mean)²

    void merge(const Moments& other);
    /// The biased variance. The count must not be 0.
    double variance() const { return squares / static_cast<double>(count); }
};

/// The moments of `rows` rows of `columns` values, with `stride` values from one row to the next, in two
/// passes.
Moments moments_of(std::span<const float> values, std::size_t rows, std::size_t columns, std::size_t stride);

}  // namespace shadenet
