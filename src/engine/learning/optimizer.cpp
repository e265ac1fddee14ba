#include "engine/learning/optimizer.h"

#include <cmath>
#include <stdexcept>

namespace shadenet {

namespace {

constexpr std::size_t moments_of_kind[] = {2, 3, 1, 0};  // adam, amsgrad, momentum, sgd

float one_minus(float value) {
    return static_cast<float>(1.0 - static_cast<double>(value));
}

float correction(float beta, std::uint64_t step) {
    return static_cast<float>(1.0 / (1.0 - std::pow(static_cast<double>(beta), static_cast<double>(step))));
}

}  // namespace

OptimizerKernels::OptimizerKernels(const Device& device, const OptimizerOptions& options, std::uint32_t count)
    : options_(options),
      count_(count),
      state_(device, state_values() * sizeof(float), "optimizer state"),
      step_(device, "optimizer_step", {"gradient", "parameter", "state"},
            {{"KIND", static_cast<std::uint32_t>(options.kind)}}) {
    upload_state(std::vector<float>(state_values(), 0.0f));
}

std::size_t OptimizerKernels::state_values() const {
    return moments_of_kind[static_cast<std::size_t>(options_.kind)] * count_;
}

void OptimizerKernels::step(Recorder& recorder, const ParameterBuffers& parameters, std::uint64_t step,
                            float learning_rate) {
    parameters.hold(recorder);
    step_(recorder,
          {{"gradient", parameters.all_gradients()},
           {"parameter", parameters.all_parameters()},
           {"state", state_.whole()}},
          {.count = count_,
           .learning_rate = learning_rate,
           .beta1 = options_.beta1,
           .one_minus_beta1 = one_minus(options_.beta1),
           .beta2 = options_.beta2,
           .one_minus_beta2 = one_minus(options_.beta2),
           .correction1 = correction(options_.beta1, step),
           .correction2 = correction(options_.beta2, step),
           .epsilon = options_.epsilon,
           .momentum = options_.momentum},
          {count_});
}

std::vector<float> OptimizerKernels::download_state() const {
    return state_.download<float>(state_values());
}

void OptimizerKernels::upload_state(std::span<const float> state) const {
    if (state.size() != state_values()) throw std::invalid_argument("the optimizer's state has another size");
    state_.upload(state);
}

}  // namespace shadenet
