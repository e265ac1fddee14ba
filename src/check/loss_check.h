// The loss, and the reductions under it, on the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "gpu/device.h"

namespace shadenet::check {

struct LossCase {
    Shape result;
    std::uint32_t row = 0;  ///< where the loss is to stand; its neighbours stay untouched
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// The mean squared error of two random tensors, and its gradient.
std::vector<Comparison> check_loss(const Device& device, const LossCase& one);

struct ReducerCase {
    std::uint32_t rows = 1, columns = 1;
    std::uint32_t to_row = 0;
    float scale = 1;
    int set = 0;  ///< of the reducer's two scratch buffers
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// Sums of columns. With Data::halves, and a scale that is a power of two, to be exact.
std::vector<Comparison> check_reducer(const Device& device, const ReducerCase& one);

}  // namespace shadenet::check
