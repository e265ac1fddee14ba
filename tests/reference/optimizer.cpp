#include "reference/optimizer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "reference/tensor.h"

namespace shadenet::reference {

namespace {

void prepare(std::vector<double>& memory, std::size_t size) {
    if (memory.empty()) memory.assign(size, 0.0);
    expect_size("optimizer state", memory.size(), size);
}

void adam_step(std::vector<double>& values, const std::vector<double>& gradient, OptimizerState& state,
               const OptimizerOptions& options, std::uint64_t step) {
    const bool amsgrad = options.kind == OptimizerKind::amsgrad;
    prepare(state.m, values.size());
    prepare(state.v, values.size());
    if (amsgrad) prepare(state.v_max, values.size());
    const double rate = decimal(options.learning_rate), decay = decimal(options.weight_decay);
    const double epsilon = decimal(options.epsilon);
    const double beta1 = decimal(options.beta1), beta2 = decimal(options.beta2);
    const double correction1 = 1.0 - std::pow(beta1, static_cast<double>(step));
    const double correction2 = 1.0 - std::pow(beta2, static_cast<double>(step));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double g = gradient[i];
        state.m[i] = beta1 * state.m[i] + (1.0 - beta1) * g;
        state.v[i] = beta2 * state.v[i] + (1.0 - beta2) * g * g;
        if (amsgrad) state.v_max[i] = std::max(state.v_max[i], state.v[i]);
        const double v = amsgrad ? state.v_max[i] : state.v[i];
        const double towards = (state.m[i] / correction1) / (std::sqrt(v / correction2) + epsilon);
        values[i] -= rate * (towards + decay * values[i]);
    }
}

void momentum_step(std::vector<double>& values, const std::vector<double>& gradient, OptimizerState& state,
                   const OptimizerOptions& options) {
    prepare(state.m, values.size());
    const double rate = decimal(options.learning_rate), decay = decimal(options.weight_decay);
    for (std::size_t i = 0; i < values.size(); ++i) {
        state.m[i] = decimal(options.momentum) * state.m[i] + gradient[i];
        values[i] -= rate * (state.m[i] + decay * values[i]);
    }
}

void sgd_step(std::vector<double>& values, const std::vector<double>& gradient,
              const OptimizerOptions& options) {
    const double rate = decimal(options.learning_rate), decay = decimal(options.weight_decay);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] -= rate * (gradient[i] + decay * values[i]);
}

}  // namespace

void optimizer_step(std::vector<double>& values, const std::vector<double>& gradient, OptimizerState& state,
                    const OptimizerOptions& options, std::uint64_t step) {
    expect_size("gradient", gradient.size(), values.size());
    if (step == 0) throw std::invalid_argument("optimizer steps count from 1");
    switch (options.kind) {
        case OptimizerKind::adam:
        case OptimizerKind::amsgrad:
            return adam_step(values, gradient, state, options, step);
        case OptimizerKind::momentum:
            return momentum_step(values, gradient, state, options);
        case OptimizerKind::sgd:
            return sgd_step(values, gradient, options);
    }
    throw std::invalid_argument("unknown optimizer");
}

void Optimizer::update(std::map<std::string, std::vector<double>>& values,
                       const std::map<std::string, std::vector<double>>& gradients,
                       const std::set<std::string>& decayed) {
    ++step_;
    for (const auto& [name, gradient] : gradients) {
        OptimizerOptions options = options_;
        if (!decayed.contains(name)) options.weight_decay = 0;
        optimizer_step(values.at(name), gradient, states_[name], options, step_);
    }
}

}  // namespace shadenet::reference
