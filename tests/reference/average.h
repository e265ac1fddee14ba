// The mean over rows and columns, and its gradient, in float64.
#pragma once

#include "reference/tensor.h"

namespace shadenet::reference {

/// x [N,C,H,W] -> y [N,C,1,1]: y[n,c] = Σ x[n,c,r,s]/(H·W).
Tensor average_forward(const Tensor& x);

/// dy [N,C,1,1] -> dx of `x_shape`: every position gets dy[n,c]/(H·W). Throws std::invalid_argument when the
/// shapes disagree.
Tensor average_backward(const Tensor& dy, const Shape& x_shape);

}  // namespace shadenet::reference
