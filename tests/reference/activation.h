// The activations and their gradients, in float64.
#pragma once

#include "model/network.h"
#include "reference/tensor.h"

namespace shadenet::reference {

/// Value by value, any shape: relu max(x, 0); leaky_relu x above zero and leaky_slope·x below; tanh.
Tensor activation_forward(const Tensor& x, ActivationKind kind);

/// dx from the *output* y, so that x need not be kept: relu dy where y > 0, else 0; leaky_relu dy where y >
/// 0, else leaky_slope·dy; tanh (1 − y²)·dy. At zero itself both kinks take the side below. Throws
/// std::invalid_argument when the shapes differ.
Tensor activation_backward(const Tensor& y, const Tensor& dy, ActivationKind kind);

}  // namespace shadenet::reference
