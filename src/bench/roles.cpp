#include "bench/roles.h"

#include <string_view>
#include <utility>

#include "gpu/recorder.h"

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
    const std::size_t mark = kernel.find(Recorder::part_mark);
    const std::string layer =
        mark == kernel.npos ? "" : kernel.substr(mark + std::string_view(Recorder::part_mark).size());
    if (shader == "stack_gemm" || shader == "stack_gemm_staged") {
        // The forward pass alone adds a bias.
        if ((kernel + ' ').find(" BIAS=1 ") != kernel.npos)
            return {shader + " forward", Pass::forward, layer};
        return {shader + " input gradient", Pass::input_gradient, layer};
    }
    for (const auto& [beginning, pass] : beginnings) {
        if (shader.starts_with(beginning)) return {shader, pass, layer};
    }
    return {shader, Pass::other, layer};
}

}  // namespace shadenet
