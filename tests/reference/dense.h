// Dense layers and their two gradients, in float64.
#pragma once

#include <vector>

#include "model/network.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// x [N,C,H,W] with C·H·W = I, weight [O,I], bias [O] -> y [N,O,1,1]: y[n,o] = bias[o] + Σ weight[o,i] ·
/// x[n,i], i counting the values of an example in the order of memory. Throws InputError when the layer does
/// not fit x, std::invalid_argument for a wrong number of parameters.
Tensor dense_forward(const Tensor& x, const std::vector<double>& weight, const std::vector<double>& bias,
                     const Dense& layer);

/// dy [N,O,1,1] -> dx of `x_shape`: dx[n,i] = Σ weight[o,i] · dy[n,o] over o.
Tensor dense_backward_input(const Tensor& dy, const std::vector<double>& weight, const Dense& layer,
                            const Shape& x_shape);

struct DenseGradient {
    std::vector<double> dweight;  ///< [O,I], Σ x[n,i] · dy[n,o] over n
    std::vector<double> dbias;    ///< [O], Σ dy[n,o] over n
};

DenseGradient dense_backward_weight(const Tensor& x, const Tensor& dy, const Dense& layer);

}  // namespace shadenet::reference
