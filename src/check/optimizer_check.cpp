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
        const bool in_blocks = buffers.layout() == WeightLayout::blocks && tensor.shape.size() > 1;
        if (!in_blocks) {
            const BufferRange range = buffers.gradient(tensor.name);
            range.buffer->upload(std::span<const float>(values), range.offset);
        }
        gradients[tensor.name] = reference::doubles_from_floats(values);
    }
    return gradients;
}

/// Where each tensor's values begin in the order of files, in floats.
std::map<std::string, std::size_t> places_in_files(const Parameters& parameters) {
    std::map<std::string, std::size_t> places;
    std::size_t end = 0;
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) continue;
        places[tensor.name] = end;
        end += align_up(tensor.values.size() * sizeof(float)) / sizeof(float);
    }
    return places;
}

/// Compares the moments of every tensor in the state with those of float64.
void add_state(Report& report, const std::string& kernel, const ParameterBuffers& buffers,
               const Parameters& parameters, const reference::Optimizer& truth,
               const std::vector<float>& state) {
    const std::map<std::string, std::size_t> files = places_in_files(parameters);
    for (const auto& [name, remembered] : truth.states()) {
        const std::vector<double>* const moments[] = {&remembered.m, &remembered.v, &remembered.v_max};
        const std::size_t count = parameters.at(name).values.size();
        const std::size_t first = files.at(name);
        std::size_t slot = 0;
        for (const auto* moment : moments) {
            if (moment->empty()) continue;
            const auto actual = std::span(state).subspan(slot++ * buffers.file_count() + first, count);
            report.add(kernel, compare(fmt::format("moment {} of {}", slot, name), actual, *moment,
                                       flat(count), tolerance::optimizer_state));
        }
    }
}

/// The gaps between parameters, and channels beyond a layer's own, hold zeros and have zero gradients: no
/// step may change them. What changed, or "".
std::string gap_damage(const ParameterBuffers& buffers) {
    const BufferRange all = buffers.all_parameters();
    const std::vector<float> values = all.buffer->download<float>(all.size / sizeof(float), all.offset);
    const bool zero = buffers.from_file_order(buffers.to_file_order(values)) == values;
    return zero ? "" : "a gap between parameters was moved";
}

constexpr std::uint32_t splits = 3;

/// Partial gradients whose float32 sum, in their order, is the gradient again.
void upload_in_splits(const Buffer& partials, const std::vector<double>& gradient,
                      const WeightExtent& extent) {
    std::vector<float> parts[splits];
    for (const double value : gradient) {
        parts[0].push_back(static_cast<float>(4 * value));
        parts[1].push_back(static_cast<float>(-2 * value));
        parts[2].push_back(static_cast<float>(-value));
    }
    for (std::uint32_t i = 0; i < splits; ++i) {
        const std::vector<float> blocks = to_blocks(parts[i], extent);
        partials.upload(std::span<const float>(blocks), i * blocks.size() * sizeof(float));
    }
}

/// [in blocks][out blocks][taps, turned around][4 inputs] of four outputs.
std::vector<double> turned_weights(const std::vector<float>& weights, const WeightExtent& extent) {
    std::vector<double> turned(extent.block_values(), 0.0);
    std::size_t i = 0;
    for (std::uint32_t o = 0; o < extent.out; ++o) {
        for (std::uint32_t in = 0; in < extent.in; ++in) {
            for (std::uint32_t tap = 0; tap < extent.taps; ++tap) {
                const std::size_t block =
                    (std::size_t{in / 4} * extent.out_blocks() + o / 4) * extent.taps + extent.taps - 1 - tap;
                turned[(block * 4 + in % 4) * 4 + o % 4] = static_cast<double>(weights[i++]);
            }
        }
    }
    return turned;
}

}  // namespace

std::vector<Comparison> check_optimizer(const Device& device, const OptimizerCase& one) {
    const Parameters start = small_parameters(one.channels, one.seed);
    ParameterBuffers buffers(device, start, one.layout);
    OptimizerKernels kernels(device, one.options, buffers);
    const WeightExtent extent{one.channels, 3, 9};
    const std::uint64_t bytes = extent.block_values() * sizeof(float);
    const Buffer partials(device, splits * bytes, "partial gradients"), turned(device, bytes, "turned");
    reference::Optimizer truth(one.options);
    NamedValues expected;
    for (const NamedTensor& tensor : start.tensors()) {
        expected[tensor.name] = reference::doubles_from_floats(tensor.values);
    }
    std::mt19937_64 random = random_stream(one.seed, 2);
    Recorder recorder(device);
    for (std::uint32_t step = 1; step <= one.steps; ++step) {
        const NamedValues gradients = new_gradients(buffers, start, random);
        truth.update(expected, gradients, {"conv.weight"});  // the rest does not decay
        kernels.begin_step(recorder, {step, one.options.learning_rate});
        kernels.step(recorder);
        if (one.layout == WeightLayout::blocks) {
            upload_in_splits(partials, gradients.at("conv.weight"), extent);
            kernels.step_weights(recorder, "conv.weight", extent, {partials.whole(), splits}, turned.whole());
        }
        recorder.finish();
    }

    Parameters after = start;
    buffers.download(after);
    const std::string kernel = "optimizer " + to_string(one.options.kind);
    Report report(fmt::format("{} steps, {} parameters{}", one.steps, start.trainable_values(),
                              one.layout == WeightLayout::blocks ? " in blocks" : ""),
                  one.seed);
    for (const NamedTensor& tensor : after.tensors()) {
        report.add(kernel,
                   compare(tensor.name, tensor.values, expected.at(tensor.name), flat(tensor.values.size()),
                           tensor.trainable ? tolerance::forward : tolerance::exact));
    }
    if (one.layout == WeightLayout::blocks) {
        const std::vector<float> copy = turned.download<float>(extent.block_values());
        report.add(kernel,
                   compare("turned weights", copy, turned_weights(after.at("conv.weight").values, extent),
                           flat(extent.block_values()), tolerance::exact));
    }
    add_state(report, kernel, buffers, start, truth, kernels.download_state());
    report.add_damage(kernel, "parameters", gap_damage(buffers));
    return report.take();
}

}  // namespace shadenet::check
