#include "engine/learning/optimizer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace shadenet {

namespace {

constexpr std::uint32_t moments_of_kind[] = {2, 3, 1, 0};  // adam, amsgrad, momentum, sgd
constexpr std::uint32_t floats_of_quad = quad_bytes / sizeof(float);

float one_minus(float value) {
    return static_cast<float>(1.0 - static_cast<double>(value));
}

float correction(float beta, std::uint64_t step) {
    return static_cast<float>(1.0 / (1.0 - std::pow(static_cast<double>(beta), static_cast<double>(step))));
}

std::vector<Constant> update_constants(const OptimizerOptions& options, std::uint32_t step,
                                       std::uint32_t turn) {
    return {{"OPTIMIZER", static_cast<std::uint32_t>(options.kind)}, {"STEP", step}, {"TURN", turn}};
}

QuadKernel<push::UpdatePush> update_kernel(const Device& device, const OptimizerOptions& options,
                                           std::uint32_t step, std::uint32_t turn) {
    return {
        device,
        "stack_update",
        {"partial", "weight", "first_moment", "second_moment", "largest_moment", "turned", "gradient", "now"},
        update_constants(options, step, turn),
        64};
}

push::UpdatePush update_push(const WeightExtent& extent, std::uint32_t splits,
                             const push::OptimizerRule& rule) {
    return {.in_blocks = extent.in_blocks(),
            .out_blocks = extent.out_blocks(),
            .taps = extent.taps,
            .splits = splits,
            .in_channels = extent.in,
            .out_channels = extent.out,
            .rule = rule};
}

std::uint32_t threads_of(const WeightExtent& extent) {
    return extent.out_blocks() * extent.in_blocks() * extent.taps;
}

}  // namespace

WeightSum::WeightSum(const Device& device) : kernel_(update_kernel(device, {}, 0, 0)) {}

/// What only a step reads is no more than a buffer to bind.
void WeightSum::operator()(Recorder& recorder, const WeightExtent& extent, const WeightPartials& gradient,
                           const BufferRange& to) const {
    kernel_(recorder,
            {{"partial", gradient.range},
             {"weight", to},
             {"first_moment", to},
             {"second_moment", to},
             {"largest_moment", to},
             {"turned", to},
             {"gradient", to},
             {"now", to}},
            update_push(extent, gradient.splits, {}), {threads_of(extent)});
}

OptimizerKernels::OptimizerKernels(const Device& device, const OptimizerOptions& options,
                                   const ParameterBuffers& parameters)
    : options_(options),
      parameters_(parameters),
      state_(device, std::max(quad_bytes, std::uint64_t{moments()} * parameters.count() * sizeof(float)),
             "optimizer state"),
      now_(device, sizeof(push::OptimizerNumbers), "numbers of the optimizer"),
      step_(device, "optimizer_step",
            {"gradient", "parameter", "first_moment", "second_moment", "largest_moment", "now"},
            {{"OPTIMIZER", static_cast<std::uint32_t>(options.kind)}}, 64),
      step_weights_(update_kernel(device, options, 1, 0)),
      step_and_turn_(update_kernel(device, options, 1, 1)),
      sum_(device) {
    upload_state(std::vector<float>(state_values(), 0.0f));
}

std::uint32_t OptimizerKernels::moments() const {
    return moments_of_kind[static_cast<std::size_t>(options_.kind)];
}

std::size_t OptimizerKernels::state_values() const {
    return std::size_t{moments()} * parameters_.file_count();
}

/// The moment of a range of parameters; a moment that the kind does not have is no more than a buffer to
/// bind.
BufferRange OptimizerKernels::moment(std::uint32_t index, const BufferRange& parameters) const {
    if (index >= moments()) return state_.range(0, quad_bytes);
    const std::uint64_t begin = std::uint64_t{index} * parameters_.count() * sizeof(float);
    return state_.range(begin + parameters.offset, parameters.size);
}

push::OptimizerRule OptimizerKernels::rule(bool weights) const {
    return {.beta1 = options_.beta1,
            .one_minus_beta1 = one_minus(options_.beta1),
            .beta2 = options_.beta2,
            .one_minus_beta2 = one_minus(options_.beta2),
            .epsilon = options_.epsilon,
            .momentum = options_.momentum,
            .weight_decay = weights ? options_.weight_decay : 0.0f};
}

void OptimizerKernels::begin_step(Recorder& recorder, const OptimizerStep& now) const {
    recorder.write(now_, push::OptimizerNumbers{.learning_rate = now.learning_rate,
                                                .correction1 = correction(options_.beta1, now.number),
                                                .correction2 = correction(options_.beta2, now.number)});
}

void OptimizerKernels::step(Recorder& recorder) const {
    parameters_.hold(recorder);
    const auto step = [&](std::uint32_t first, std::uint32_t count, bool weights) {
        const std::uint64_t offset = first * sizeof(float), size = count * sizeof(float);
        const BufferRange values = parameters_.all_parameters().buffer->range(offset, size);
        step_(recorder,
              {{"gradient", parameters_.all_gradients().buffer->range(offset, size)},
               {"parameter", values},
               {"first_moment", moment(0, values)},
               {"second_moment", moment(1, values)},
               {"largest_moment", moment(2, values)},
               {"now", now_.whole()}},
              {.count = count / floats_of_quad, .rule = rule(weights)}, {count / floats_of_quad});
    };
    const std::vector<ParameterBuffers::Run>& runs = parameters_.runs();
    if (runs.empty()) return;
    if (options_.weight_decay == 0) {
        step(0, runs.back().first + runs.back().count, false);
    } else {
        for (const ParameterBuffers::Run& run : runs) step(run.first, run.count, run.weights);
    }
}

void OptimizerKernels::step_weights(Recorder& recorder, const std::string& weights,
                                    const WeightExtent& extent, const WeightPartials& gradient,
                                    BufferRange turned) const {
    const bool turn = turned.buffer != nullptr;
    const BufferRange values = parameters_.values(weights);
    (turn ? step_and_turn_ : step_weights_)(recorder,
                                            {{"partial", gradient.range},
                                             {"weight", values},
                                             {"first_moment", moment(0, values)},
                                             {"second_moment", moment(1, values)},
                                             {"largest_moment", moment(2, values)},
                                             {"turned", turn ? turned : parameters_.gradient(weights)},
                                             {"gradient", parameters_.gradient(weights)},
                                             {"now", now_.whole()}},
                                            update_push(extent, gradient.splits, rule(true)),
                                            {threads_of(extent)});
}

void OptimizerKernels::add_gradient(Recorder& recorder, const std::string& weights,
                                    const WeightExtent& extent, const WeightPartials& gradient) const {
    sum_(recorder, extent, gradient, parameters_.gradient(weights));
}

std::vector<float> OptimizerKernels::download_state() const {
    const std::vector<float> held = state_.download<float>(std::size_t{moments()} * parameters_.count());
    std::vector<float> state;
    for (std::uint32_t m = 0; m < moments(); ++m) {
        const std::vector<float> file = parameters_.to_file_order(
            std::span(held).subspan(std::size_t{m} * parameters_.count(), parameters_.count()));
        state.insert(state.end(), file.begin(), file.end());
    }
    return state;
}

void OptimizerKernels::upload_state(std::span<const float> state) const {
    if (state.size() != state_values()) throw std::invalid_argument("the optimizer's state has another size");
    for (std::uint32_t m = 0; m < moments(); ++m) {
        const std::vector<float> held = parameters_.from_file_order(
            state.subspan(std::size_t{m} * parameters_.file_count(), parameters_.file_count()));
        state_.upload(std::span<const float>(held), std::uint64_t{m} * parameters_.count() * sizeof(float));
    }
}

}  // namespace shadenet
