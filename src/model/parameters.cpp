#include "model/parameters.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "model/random.h"

namespace shadenet {

namespace {

/// Streams from 0 up are for epochs and the like; this one meets none of them.
constexpr std::uint64_t initial_stream = std::numeric_limits<std::uint64_t>::max();

/// Of a tensor in `tensors` or `const tensors`, by name.
template <typename Tensors>
auto& named(Tensors& tensors, std::string_view name) {
    for (auto& tensor : tensors) {
        if (tensor.name == name) return tensor;
    }
    throw std::out_of_range(fmt::format("the model has no tensor \"{}\"", name));
}

std::size_t count(const std::vector<NamedTensor>& tensors, bool trainable) {
    std::size_t values = 0;
    for (const NamedTensor& tensor : tensors) {
        if (tensor.trainable == trainable && !tensor.held) values += tensor.values.size();
    }
    return values;
}

/// Of a weight [out,in,k,k] or [out,in].
struct Fans {
    explicit Fans(const std::vector<std::uint32_t>& shape) {
        double taps = 1;
        for (std::size_t i = 2; i < shape.size(); ++i) taps *= shape[i];
        in = shape[1] * taps;
        out = shape[0] * taps;
    }
    double in, out;
};

void draw_weight(NamedTensor& weight, const StartWeights& start, std::mt19937_64& random) {
    const Fans fans(weight.shape);
    const auto fill = [&](double scale, double (*draw)(std::mt19937_64&)) {
        for (float& value : weight.values) value = static_cast<float>(scale * draw(random));
    };
    switch (start.rule) {
        case WeightRule::reference:
            return fill(std::sqrt(1.3 / ((fans.in + fans.out) / 2.0)), truncated_normal);
        case WeightRule::he:
            return fill(std::sqrt(2.0 / fans.in), normal);
        case WeightRule::glorot:
            return fill(std::sqrt(6.0 / (fans.in + fans.out)),
                        [](std::mt19937_64& numbers) { return 2.0 * uniform(numbers) - 1.0; });
        case WeightRule::truncated:
            return fill(static_cast<double>(start.deviation), truncated_normal);
    }
}

/// From −spread to spread; 0 for a single one.
void spread_out(std::vector<float>& betas, float spread) {
    if (betas.size() < 2) return;
    const auto last = static_cast<double>(betas.size() - 1);
    for (std::size_t c = 0; c < betas.size(); ++c) {
        betas[c] = static_cast<float>(static_cast<double>(spread) * (2 * static_cast<double>(c) / last - 1));
    }
}

NamedTensor initial_tensor(const TensorSpec& spec) {
    const bool one = spec.name.ends_with(".weight") || spec.name.ends_with(".running_var");
    return {spec.name, spec.shape, spec.trainable, std::vector<float>(spec.values(), one ? 1.0f : 0.0f),
            spec.held};
}

}  // namespace

const NamedTensor& Parameters::at(std::string_view name) const {
    return named(tensors_, name);
}
NamedTensor& Parameters::at(std::string_view name) {
    return named(tensors_, name);
}
std::size_t Parameters::trainable_values() const {
    return count(tensors_, true);
}
std::size_t Parameters::statistic_values() const {
    return count(tensors_, false);
}

std::vector<std::span<float>> Parameters::places() {
    std::vector<std::span<float>> places;
    for (NamedTensor& tensor : tensors_) places.emplace_back(tensor.values);
    return places;
}

Parameters initial_parameters(const Network& network, std::uint64_t seed, const StartValues& start) {
    std::mt19937_64 random = random_stream(seed, initial_stream);
    std::vector<NamedTensor> tensors;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        const bool bends = is_bending_norm(network, i);
        for (const TensorSpec& spec : tensor_specs({.layers = {layer}})) {
            tensors.push_back(initial_tensor(spec));
            NamedTensor& tensor = tensors.back();
            if (bends && tensor.name.ends_with(".bias")) spread_out(tensor.values, start.beta_spread);
            if (!has_weights(layer)) continue;
            if (tensor.name.ends_with(".weight")) {
                draw_weight(tensor, start.weights, random);
            } else {
                std::ranges::fill(tensor.values, start.biases);
            }
        }
    }
    return Parameters(std::move(tensors));
}

}  // namespace shadenet
