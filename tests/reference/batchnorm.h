// Batch norm in training and in inference, and the gradients of both, in float64.
#pragma once

#include <vector>

#include "reference/tensor.h"

namespace shadenet::reference {

/// Per channel, over all n, y, x of a batch; both [C].
struct BatchStatistics {
    std::vector<double> mean;
    std::vector<double> variance;  ///< biased: divided by M = N·H·W
};

/// mean = Σx/M, variance = Σ(x − mean)²/M, in two passes. x [N,C,H,W] with M > 0.
BatchStatistics batchnorm_statistics(const Tensor& x);

/// y = γ·(x − mean)/√(variance + ε) + β. Training gives it the batch's statistics, inference the moving ones.
/// x and y [N,C,H,W], the rest [C]. Throws std::invalid_argument when the sizes disagree.
Tensor batchnorm_normalize(const Tensor& x, const std::vector<double>& mean,
                           const std::vector<double>& variance, const std::vector<double>& gamma,
                           const std::vector<double>& beta, double epsilon);

struct BatchNormGradient {
    Tensor dx;                   ///< [N,C,H,W]
    std::vector<double> dgamma;  ///< [C], Σ dy·x̂ with x̂ = (x − mean)/√(variance + ε)
    std::vector<double> dbeta;   ///< [C], Σ dy
};

/// Training, where mean and variance are those of x and move with it:
/// dx = γ/√(variance + ε) · (dy − dbeta/M − x̂·dgamma/M), Ioffe & Szegedy 2015, section 3.
BatchNormGradient batchnorm_backward(const Tensor& x, const Tensor& dy, const std::vector<double>& mean,
                                     const std::vector<double>& variance, const std::vector<double>& gamma,
                                     double epsilon);

/// Inference, where mean and variance are constants: dx = γ/√(variance + ε) · dy.
BatchNormGradient batchnorm_backward_inference(const Tensor& x, const Tensor& dy,
                                               const std::vector<double>& mean,
                                               const std::vector<double>& variance,
                                               const std::vector<double>& gamma, double epsilon);

/// moving = decay·moving + (1 − decay)·batch, both [C]. `decay` is 1 − momentum of PyTorch.
void moving_update(std::vector<double>& moving, const std::vector<double>& batch, double decay);

}  // namespace shadenet::reference
