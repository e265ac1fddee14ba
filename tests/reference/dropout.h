// Dropout in training, in float64.
#pragma once

#include <cstddef>
#include <cstdint>

#include "reference/tensor.h"

namespace shadenet::reference {

/// What chooses a step's masks beside the layer.
struct DropoutKey {
    std::uint64_t seed = 0;
    std::uint64_t step = 0;  ///< of the run, counted from 0
};

/// y = x·f where dropout_keeps() of model/philox.h says so, and else 0, with f the float32 of 1/keep; x a
/// whole mini-batch, `layer` the dropout's index in the list of layers. The gradient takes the same way: dx
/// is this function of dy.
Tensor dropout(const Tensor& x, const Dropout& dropout, std::size_t layer, const DropoutKey& key);

}  // namespace shadenet::reference
