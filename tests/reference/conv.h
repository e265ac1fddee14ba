// Convolution and its two gradients, in float64.
#pragma once

#include <vector>

#include "model/network.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// x [N,I,H,W], weight [O,I,K,K], bias [O] -> y [N,O,H',W'], H' and W' as output_shape() says:
/// y[n,o,r,c] = bias[o] + Σ weight[o,i,ky,kx] · x[n,i, r·stride + ky − pad, c·stride + kx − pad], zero
/// outside x. This is cross-correlation, as every framework's "convolution" is. Throws InputError when the
/// layer does not fit x, std::invalid_argument for a wrong number of parameters.
Tensor conv_forward(const Tensor& x, const std::vector<double>& weight, const std::vector<double>& bias,
                    const Conv& layer);

/// dy [N,O,H',W'] -> dx of `x_shape`: every product w·x of the forward pass hands w·dy back to its x.
Tensor conv_backward_input(const Tensor& dy, const std::vector<double>& weight, const Conv& layer,
                           const Shape& x_shape);

struct ConvGradient {
    std::vector<double> dweight;  ///< [O,I,K,K]
    std::vector<double> dbias;    ///< [O]
};

/// Every product w·x of the forward pass hands x·dy back to its w; dbias[o] = Σ dy[n,o,r,c] over n, r, c.
ConvGradient conv_backward_weight(const Tensor& x, const Tensor& dy, const Conv& layer);

}  // namespace shadenet::reference
