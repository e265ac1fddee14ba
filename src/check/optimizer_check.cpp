#include <algorithm>

#include <fmt/format.h>

#include "check/device_data.h"
#include "check/harness.h"
#include "check/kernel_cases.h"
#include "engine/learning/optimizer.h"
#include "model/random.h"
#include "reference/optimizer.h"
#include "reference/tensor.h"

namespace shadenet::check {

namespace {

using NamedValues = std::map<std::string, std::vector<double>>;

/// As small as a learning rate, so that a wrong step is not lost beside a large parameter.
Parameters small_parameters(std::uint32_t channels, std::uint64_t seed) {
    const Network network{any_size(3), {Conv{"conv", 3, channels, 3}, BatchNorm{"norm", channels}}};
    Parameters parameters = random_parameters(network, Data::normal, seed);
    for (NamedTensor& tensor : parameters.tensors()) {
        for (float& value : tensor.values) value *= 0.05f;
    }
    return parameters;
}

/// Random gradients of very different sizes, some of them zero. Uploads and returns them.
NamedValues new_gradients(const ParameterBuffers& buffers, const Parameters& parameters,
                          std::mt19937_64& random) {
    constexpr float sizes[] = {1.0f, 1e-3f, 0.0f, 10.0f};
    NamedValues gradients;
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) continue;
        std::vector<float> values = random_values(tensor.values.size(), Data::normal, random);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] *= sizes[i % std::size(sizes)];
        const BufferRange range = buffers.gradient(tensor.name);
        range.buffer->upload(std::span<const float>(values), range.offset);
        gradients[tensor.name] = reference::doubles_from_floats(values);
    }
    return gradients;
}

/// Compares the moments of every tensor in the state with those of float64.
void add_state(Report& report, const std::string& kernel, const ParameterBuffers& buffers,
               const Parameters& parameters, const reference::Optimizer& truth,
               const std::vector<float>& state) {
    const std::uint64_t base = buffers.all_parameters().offset;
    for (const auto& [name, remembered] : truth.states()) {
        const std::vector<double>* const moments[] = {&remembered.m, &remembered.v, &remembered.v_max};
        const std::size_t count = parameters.at(name).values.size();
        const std::size_t first = (buffers.values(name).offset - base) / sizeof(float);
        std::size_t slot = 0;
        for (const auto* moment : moments) {
            if (moment->empty()) continue;
            const auto actual = std::span(state).subspan(slot++ * buffers.count() + first, count);
            report.add(kernel, compare(fmt::format("moment {} of {}", slot, name), actual, *moment,
                                       flat(count), tolerance::optimizer_state));
        }
    }
}

/// The gaps between parameters hold zeros and have zero gradients: no step may change them. What changed, or
/// "".
std::string gap_damage(const ParameterBuffers& buffers, const Parameters& parameters) {
    const BufferRange all = buffers.all_parameters();
    std::vector<float> values = all.buffer->download<float>(all.size / sizeof(float), all.offset);
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) continue;
        const std::uint64_t first = (buffers.values(tensor.name).offset - all.offset) / sizeof(float);
        std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(first), tensor.values.size(), 0.0f);
    }
    const bool zero = std::all_of(values.begin(), values.end(), [](float value) { return value == 0; });
    return zero ? "" : "a gap between parameters was moved";
}

}  // namespace

std::vector<Comparison> check_optimizer(const Device& device, const OptimizerCase& one) {
    const Parameters start = small_parameters(one.channels, one.seed);
    ParameterBuffers buffers(device, start);
    OptimizerKernels kernels(device, one.options, buffers.count());
    reference::Optimizer truth(one.options);
    NamedValues expected;
    for (const NamedTensor& tensor : start.tensors()) {
        expected[tensor.name] = reference::doubles_from_floats(tensor.values);
    }
    std::mt19937_64 random = random_stream(one.seed, 2);
    Recorder recorder(device);
    for (std::uint32_t step = 1; step <= one.steps; ++step) {
        truth.update(expected, new_gradients(buffers, start, random));
        kernels.step(recorder, buffers, step, one.options.learning_rate);
        recorder.finish();
    }

    Parameters after = start;
    buffers.download(after);
    const std::string kernel = "optimizer " + to_string(one.options.kind);
    Report report(fmt::format("{} steps, {} parameters", one.steps, start.trainable_values()), one.seed);
    for (const NamedTensor& tensor : after.tensors()) {
        report.add(kernel,
                   compare(tensor.name, tensor.values, expected.at(tensor.name), flat(tensor.values.size()),
                           tensor.trainable ? tolerance::forward : tolerance::exact));
    }
    add_state(report, kernel, buffers, start, truth, kernels.download_state());
    report.add_damage(kernel, "parameters", gap_damage(buffers, start));
    return report.take();
}

}  // namespace shadenet::check
