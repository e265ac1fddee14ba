// Activations and skips on the device against float64.
#pragma once

#include <cstdint>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "gpu/device.h"

namespace shadenet::check {

struct ActivationCase {
    Shape x;
    ActivationKind kind = ActivationKind::relu;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// Forward and, from a random dy, backward. Inputs keep away from the kink at zero.
std::vector<Comparison> check_activation(const Device& device, const ActivationCase& one);

/// The bias gradient through an activation into a norm, Σ s·dx − (mean s)·Σ dx per channel with s the slope,
/// from a random dx. Channel 0 has positive inputs only, the last one, if there are several, negative ones
/// only; there the relu's gradient is to be exactly 0.
std::vector<Comparison> check_bias_through_activation(const Device& device, const ActivationCase& one);

/// Where a skip writes its sum.
enum class SkipTarget { new_tensor, first, second };

struct SkipCase {
    Shape x;
    SkipTarget target = SkipTarget::new_tensor;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// y = x + other, exact to float32's one rounding.
std::vector<Comparison> check_skip(const Device& device, const SkipCase& one);

}  // namespace shadenet::check
