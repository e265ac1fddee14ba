// What the kernels of a training step are for, told by their names.
#pragma once

#include <string>

#include "base/words.h"

namespace shadenet {

/// The parts of a training step.
enum class Pass { forward, input_gradient, weight_gradient, update, norm, points, loss, other };

inline constexpr auto pass_words = words_of<Pass>("forward", "gradient to input", "weight gradient", "update",
                                                  "norm", "points", "loss", "other");

struct Role {
    std::string name;  ///< the shader's, with the direction of one that runs both ways
    Pass pass = Pass::other;
    std::string layer{};  ///< of the stack plan, as point_names() has it; "" where a kernel is nobody's
};

/// `kernel`: as the profiler has it, "stack_gemm OUT4=4 BIAS=1 @conv1". `points` are passes over single
/// values: activations, dropout, gradients of biases, sums of maps. `other`: kernels of other plans, too.
Role role_of(const std::string& kernel);

}  // namespace shadenet
