// Cases to check the stack plan's passes in, and what is checked in each: the device against float64. Results
// are NaN before, and channels beyond the last one hold a number that no result may show.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "engine/learning/mode.h"

namespace shadenet::check {

struct StackNormCase {
    Shape x;
    Mode mode = Mode::training;
    Data data = Data::normal;
    std::uint64_t seed = 1;
    float decay = 0.9f, epsilon = 1e-5f;
    /// The tile of partial moments as a convolution leaves them; the check makes them. 0: none, the device's
    /// own pass finds them.
    std::uint32_t columns = 0, rows = 1;
};

/// A norm alone: its statistics, forward, and backward from a random gradient. Training normalises by the
/// batch's statistics and updates the moving ones; inference and frozen normalise by the moving statistics,
/// which must keep every bit. Inference has no backward pass. Padding of vectors must stay zero.
std::vector<Comparison> check_stack_norm(const Device& device, const StackNormCase& one);

struct PointCase {
    Shape x;
    bool norm = false;
    std::optional<ActivationKind> activation;
    float keep = 0;  ///< of dropout; 0: none
    bool evaluation = false;
    bool from_result = false;  ///< the backward passes are given the activation's result
    bool in_place = false;     ///< dz takes the memory of da
    Data data = Data::normal;
    std::uint64_t seed = 1;
    std::uint32_t first_example = 0;
};

/// Layers that work value by value, with random coefficients of the norm: forward, the partial sums of each
/// tile, and the gradient of the input. The activation's argument keeps away from its kink at zero.
std::vector<Comparison> check_points(const Device& device, const PointCase& one);

struct StackBiasCase {
    Shape y;
    ActivationKind activation = ActivationKind::relu;
    Data data = Data::normal;
    std::uint64_t seed = 1;
};

/// The gradient of a bias whose result goes into the activation, Σ s·dy per channel with s the slope.
std::vector<Comparison> check_stack_bias(const Device& device, const StackBiasCase& one);

/// The same where a norm follows the activation: Σ s·dy − (mean s)·Σ dy. Channel 0 has positive inputs only;
/// the last channel, if there are several, has negative inputs only. In these two the gradient of a relu is
/// to be exactly 0.
std::vector<Comparison> check_bias_into_norm(const Device& device, const StackBiasCase& one);

}  // namespace shadenet::check
