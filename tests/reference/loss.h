// The loss and its gradient, in float64.
#pragma once

#include "reference/tensor.h"

namespace shadenet::reference {

struct Loss {
    double loss = 0.0;
    Tensor dout;  ///< of the output's shape
};

/// loss = Σ(out − target)²/V over all V = N·C·H·W values; dout = 2(out − target)/V.
/// Throws std::invalid_argument when the shapes differ.
Loss mean_squared_error(const Tensor& out, const Tensor& target);

}  // namespace shadenet::reference
