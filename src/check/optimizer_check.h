// The optimizers on the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "gpu/device.h"
#include "model/optimizer.h"

namespace shadenet::check {

struct OptimizerCase {
    OptimizerOptions options;
    std::uint32_t channels = 5;  ///< of the convolution and norm whose parameters move
    std::uint32_t steps = 7;
    std::uint64_t seed = 1;
};

/// Parameters and what is remembered of them after several steps with random gradients. Statistics and the
/// gaps between tensors are to stay as they were.
std::vector<Comparison> check_optimizer(const Device& device, const OptimizerCase& one);

}  // namespace shadenet::check
