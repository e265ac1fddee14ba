// The activations and their gradients, in float64.
#pragma once

#include "model/network.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// Value by value, any shape: relu max(x, 0); leaky_relu x above zero and leaky_slope·x below; tanh; sigmoid
/// 1/(1 + e⁻ˣ); elu x above zero and eˣ − 1 below (Clevert et al. 2016, with α = 1).
Tensor activation_forward(const Tensor& x, ActivationKind kind);

/// dx from the *output* y, so that x need not be kept: relu dy where y > 0, else 0; leaky_relu dy where y >
/// 0, else leaky_slope·dy; tanh (1 − y²)·dy; sigmoid y·(1 − y)·dy; elu dy where y > 0, else (1 + y)·dy. At
/// zero itself relu and leaky_relu take the side below; elu has no kink there. Throws std::invalid_argument
/// when the shapes differ.
Tensor activation_backward(const Tensor& y, const Tensor& dy, ActivationKind kind);

}  // namespace shadenet::reference
