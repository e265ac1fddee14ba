// The moments of a convolution's patches and of targets, from their definition.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/patch_gram.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// A rectangle of positions in feature maps.
struct Positions {
    std::int64_t row, column;
    std::size_t rows, columns;
};

/// z(p) of every position, as engine/stack/feature_gram.h has it, without a center: the patch of `kernel` by
/// `kernel` pixels of all channels of the maps [1,c,h,w], 0 outside them, and then the three targets of the
/// position, [1,3,rows,columns].
std::vector<std::vector<double>> patches_of_maps(const Tensor& maps, const Tensor& targets,
                                                 std::size_t kernel, const Positions& positions);

}  // namespace shadenet::reference
