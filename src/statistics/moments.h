// Mean and variance of many values, piece by piece.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace shadenet {

/// Count, mean and Σ(x − mean)² of some values. Pieces are centred on their own means and merged by the
/// formula of Chan, Golub & LeVeque 1979: nothing large is ever subtracted from something as large.
struct Moments {
    std::uint64_t count = 0;
    double mean = 0;
    double squares = 0;  ///< Σ(x − mean)²

    void merge(const Moments& other);
    /// Biased: divided by the count, of which there must be some.
    double variance() const { return squares / static_cast<double>(count); }
};

/// Of `rows` runs of `columns` values, each `stride` after the one before, in two passes.
Moments moments_of(std::span<const float> values, std::size_t rows, std::size_t columns, std::size_t stride);

}  // namespace shadenet
