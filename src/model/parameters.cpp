#include "model/parameters.h"

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

/// Fills the weight [out,in,k,k] of a convolution.
void draw_weight(NamedTensor& weight, std::mt19937_64& random) {
    const double taps = static_cast<double>(weight.shape[2]) * weight.shape[3];
    const double fan_out = weight.shape[0] * taps;
    const double fan_in = weight.shape[1] * taps;
    const double deviation = std::sqrt(1.3 / ((fan_in + fan_out) / 2.0));
    for (float& value : weight.values) value = static_cast<float>(deviation * truncated_normal(random));
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

Parameters initial_parameters(const Network& network, std::uint64_t seed) {
    std::mt19937_64 random = random_stream(seed, initial_stream);
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(network)) {
        const bool one = spec.name.ends_with(".weight") || spec.name.ends_with(".running_var");
        tensors.push_back({spec.name, spec.shape, spec.trainable,
                           std::vector<float>(spec.values(), one ? 1.0f : 0.0f), spec.held});
        if (spec.shape.size() == 4) draw_weight(tensors.back(), random);
    }
    return Parameters(std::move(tensors));
}

}  // namespace shadenet
