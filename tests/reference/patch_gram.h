// The Gram matrix of patches and targets, and the best affine filter, from their definitions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/tensor.h"

namespace shadenet::reference {

/// Sums over the pixels whose patch lies inside their picture; z as in engine/patch_gram.h.
struct PatchGram {
    std::uint64_t pixels = 0;
    std::vector<double> sum;      ///< [K + 3]
    std::vector<double> product;  ///< [K + 3][K + 3]
};

/// z(p) of every such pixel, in values as they are, each minus `center` and times `scale`.
std::vector<std::vector<double>> patches_and_targets(const Tensor& input, const Tensor& target,
                                                     std::size_t radius, double center, double scale);

PatchGram patch_gram(const std::vector<std::vector<double>>& z);

/// The least mean squared error that an affine function of the patch reaches for the three targets: each
/// target's residual after the patch's elements and a constant have been projected out one by one (modified
/// Gram-Schmidt, done twice, which is a QR decomposition). A column of which less than `rank_tolerance` of
/// its own length is left depends on the others, and is passed over.
double affine_floor(const std::vector<std::vector<double>>& z, double rank_tolerance);

}  // namespace shadenet::reference
