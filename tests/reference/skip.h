// The sum of two points of a network, in float64.
#pragma once

#include "reference/tensor.h"

namespace shadenet::reference {

/// a + b, value by value. Its gradient goes to both unchanged, so the same function adds up gradients where
/// two paths meet. Throws std::invalid_argument when the shapes differ.
Tensor add(const Tensor& a, const Tensor& b);

}  // namespace shadenet::reference
