// Mean and covariance of the patches that a convolution sees. They give the statistics of its output y = w·u
// + bias without computing y: mean = w·mean(u) + bias and variance = wᵀ·V·w. On the host, in float64.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace shadenet {

/// Sums over the pixels p of one or more pictures. u(p) is the patch around p, zero outside the picture, as a
/// stride 1 `same` convolution takes it: u[(i·kernel + ky)·kernel + kx] = x[i, y + ky − r, x + kx − r] with r
/// = (kernel − 1)/2, so that K = channels·kernel² elements are in the order of one output channel's weights.
struct PatchMoments {
    std::uint32_t kernel, channels;
    double count;                 ///< pixels
    std::vector<double> sum;      ///< [K], Σ u
    std::vector<double> product;  ///< [K][K], Σ u·uᵀ

    /// The moments of both sets of pictures. Throws std::invalid_argument when kernel or channels differ.
    void add(const PatchMoments& other);
};

/// Which pixels of a picture have a patch in the sums: all, or those whose patch lies in it as a whole.
enum class PatchesOf { all_pixels, inner_pixels };

/// Moments of one picture [channels][height][width]. Throws std::invalid_argument when the kernel is even, or
/// the picture is empty or of another size, or has no such pixel.
PatchMoments patch_moments(std::span<const float> image, std::uint32_t channels, std::uint32_t height,
                           std::uint32_t width, std::uint32_t kernel, PatchesOf of = PatchesOf::all_pixels);

/// The numbers from which the device finds a channel's statistics. The covariance is given as a factor:
/// |factorᵀ·w|² rounds at the level of the standard deviation, but the terms of wᵀ·V·w cancel for filters
/// that look for edges.
struct PatchStatistics {
    std::vector<float> mean;    ///< [K]
    std::vector<float> factor;  ///< [K][K], V = factor·factorᵀ; columns from V's rank on are zero
};

PatchStatistics patch_statistics(const PatchMoments& moments);

}  // namespace shadenet
