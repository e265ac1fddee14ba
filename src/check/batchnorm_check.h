// Batch norm on the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "engine/layers/layer.h"

namespace shadenet::check {

struct BatchNormCase {
    Shape x;
    Mode mode = Mode::training;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    float decay = 0.9f, epsilon = 1e-5f;
};

/// Forward and, from a random dy, backward. Training: with the batch's statistics, which are compared, as are
/// the moving ones it moves. Inference and frozen: with the moving ones, which are to stay as they were, bit
/// for bit. The batch's own are to be left beside them by all but inference.
std::vector<Comparison> check_batchnorm(const Device& device, const BatchNormCase& one);

}  // namespace shadenet::check
