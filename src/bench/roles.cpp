#include "bench/roles.h"

#include <utility>

namespace shadenet {

namespace {

/// By how a shader's name begins.
constexpr std::pair<const char*, Pass> beginnings[] = {
    {"stack_weight_gradient", Pass::weight_gradient},
    {"stack_update", Pass::update},
    {"optimizer_", Pass::update},
    {"stack_merge", Pass::norm},
    {"stack_moments", Pass::norm},
    {"stack_norm_", Pass::norm},
    {"stack_point_", Pass::points},
    {"stack_bias_", Pass::points},
    {"stack_add", Pass::points},
    {"stack_average", Pass::points},
    {"stack_flatten", Pass::points},
    {"stack_sum", Pass::loss},
    {"squared_error", Pass::loss},
    {"cross_entropy", Pass::loss},
};

}  // namespace

Role role_of(const std::string& kernel) {
    const std::string shader = kernel.substr(0, kernel.find(' '));
    if (shader == "stack_gemm") {
        // The forward pass alone adds a bias.
        if ((kernel + ' ').find(" BIAS=1 ") != kernel.npos) return {shader + " forward", Pass::forward};
        return {shader + " input gradient", Pass::input_gradient};
    }
    for (const auto& [beginning, pass] : beginnings) {
        if (shader.starts_with(beginning)) return {shader, pass};
    }
    return {shader, Pass::other};
}

}  // namespace shadenet
