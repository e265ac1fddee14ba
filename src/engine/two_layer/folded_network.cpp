#include "engine/two_layer/folded_network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/two_layer/fused_network.h"

namespace shadenet {

namespace {

constexpr std::uint32_t largest_kernel = 7;
constexpr std::uint32_t most_hidden = 1024;  // a thread's rounds stay within what software drivers run

std::vector<double> doubles(const NamedTensor& tensor) {
    return {tensor.values.begin(), tensor.values.end()};
}

/// A norm with fixed statistics: x becomes scale·x + offset.
struct Affine {
    std::vector<double> scale, offset;
};

Affine affine(const BatchNorm* norm, const Parameters& parameters, std::size_t channels) {
    Affine result{std::vector<double>(channels, 1.0), std::vector<double>(channels, 0.0)};
    if (norm == nullptr) return result;
    const NamedTensor& gamma = parameters.at(norm->name + ".weight");
    const NamedTensor& beta = parameters.at(norm->name + ".bias");
    const NamedTensor& mean = parameters.at(norm->name + ".running_mean");
    const NamedTensor& variance = parameters.at(norm->name + ".running_var");
    for (std::size_t i = 0; i < channels; ++i) {
        const double spread =
            std::sqrt(static_cast<double>(variance.values[i]) + static_cast<double>(norm->epsilon));
        result.scale[i] = static_cast<double>(gamma.values[i]) / spread;
        result.offset[i] =
            static_cast<double>(beta.values[i]) - static_cast<double>(mean.values[i]) * result.scale[i];
    }
    return result;
}

/// The norm after a convolution becomes part of it.
void fold(const Affine& norm, std::vector<double>& weight, std::vector<double>& bias) {
    const std::size_t row = weight.size() / bias.size();
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] *= norm.scale[i / row];
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = norm.scale[i] * bias[i] + norm.offset[i];
}

/// The layers of a two-layer network, taken off the front of a list one kind after the other; null where
/// there is none.
struct TwoLayers {
    const Conv *conv1 = nullptr, *conv2 = nullptr;
    const BatchNorm *before = nullptr, *after = nullptr, *last = nullptr;
    const Activation* activation = nullptr;
    const Skip* skip = nullptr;
    bool complete;

    explicit TwoLayers(const std::vector<Layer>& layers) {
        std::size_t next = 0;
        const auto take = [&]<class Kind>(const Kind*& layer) {
            if (next == layers.size()) return;
            layer = std::get_if<Kind>(&layers[next]);
            if (layer != nullptr) ++next;
        };
        take(conv1);
        take(before);
        take(activation);
        take(after);
        take(conv2);
        take(last);
        take(skip);
        complete = next == layers.size() && conv1 && conv2 && (!skip || skip->from_point == 0);
    }
};

/// Empty where the network has the form.
std::string problem(const Network& architecture, const TwoLayers& layers) {
    if (!layers.complete || architecture.in_channels != 3 || layers.conv2->out_channels != 3) {
        return "networks of two layers from 3 colours to 3";
    }
    const Conv &conv1 = *layers.conv1, &conv2 = *layers.conv2;
    for (const Conv* conv : {&conv1, &conv2}) {
        if (conv->stride != 1 || conv->padding != Padding::same) {
            return "convolutions with stride 1 and same padding";
        }
    }
    if (conv1.kernel != conv2.kernel || conv1.kernel % 2 == 0 || conv1.kernel > largest_kernel) {
        return fmt::format("two kernels of one size, odd and at most {}", largest_kernel);
    }
    if (conv1.out_channels > most_hidden) return fmt::format("up to {} hidden channels", most_hidden);
    return "";
}

}  // namespace

FoldedMatch fold_two_layers(const Network& architecture, const Parameters& parameters) {
    const TwoLayers layers(architecture.layers);
    if (const std::string reason = problem(architecture, layers); !reason.empty()) return {{}, reason};
    const Conv &conv1 = *layers.conv1, &conv2 = *layers.conv2;
    const std::size_t hidden = conv1.out_channels;
    FoldedNetwork network{
        .hidden = conv1.out_channels,
        .kernel = conv1.kernel,
        .activation =
            layers.activation ? static_cast<std::uint32_t>(layers.activation->kind) : identity_activation,
        .norm_after = layers.activation != nullptr && layers.after != nullptr,
        .residual = layers.skip != nullptr ? 1.0 : 0.0,
        .weight1 = doubles(parameters.at(conv1.name + ".weight")),
        .bias1 = doubles(parameters.at(conv1.name + ".bias")),
        .scale = std::vector<double>(hidden, 1.0),
        .offset = std::vector<double>(hidden, 0.0),
        .weight2 = doubles(parameters.at(conv2.name + ".weight")),
        .bias2 = doubles(parameters.at(conv2.name + ".bias")),
        .range = architecture.range,
    };
    fold(affine(layers.before, parameters, hidden), network.weight1, network.bias1);
    const Affine after = affine(layers.after, parameters, hidden);
    if (network.norm_after) {
        network.scale = after.scale;
        network.offset = after.offset;
    } else {
        fold(after, network.weight1, network.bias1);
    }
    fold(affine(layers.last, parameters, 3), network.weight2, network.bias2);
    return {std::move(network), ""};
}

void FoldedNetwork::mix_with_input(double strength) {
    for (double& value : weight2) value *= strength;
    for (double& value : bias2) value *= strength;
    residual = (1 - strength) + strength * residual;
}

bool FoldedNetwork::linear() const {
    return activation == identity_activation;
}

bool FoldedNetwork::bounded() const {
    // Half of the largest float: rounding does not reach the rest. No activation enlarges a number above 1.
    constexpr double limit = std::numeric_limits<float>::max() / 2;
    const std::size_t taps = std::size_t{kernel} * kernel;
    double worst[3] = {}, largest = 0;
    for (std::size_t o = 0; o < 3; ++o) worst[o] = std::abs(bias2[o]) + 1;
    for (std::size_t h = 0; h < hidden; ++h) {
        double a = std::abs(bias1[h]);
        for (std::size_t k = 0; k < 3 * taps; ++k) a += std::abs(weight1[h * 3 * taps + k]);
        const double b = std::abs(scale[h]) * std::max(a, 1.0) + std::abs(offset[h]);
        if (!(a < limit) || !(b < limit)) return false;
        for (std::size_t o = 0; o < 3; ++o) {
            for (std::size_t k = 0; k < taps; ++k) {
                const double w = std::abs(weight2[(o * hidden + h) * taps + k]);
                if (!(w < limit)) return false;
                worst[o] += w * b;
            }
        }
    }
    for (const double sum : worst) {
        if (!(sum < limit)) return false;
        largest = std::max(largest, sum);
    }
    return largest < limit;
}

std::vector<float> FoldedNetwork::two_layer_weights() const {
    const std::size_t taps = std::size_t{kernel} * kernel;
    std::vector<float> weights;
    const auto add = [&](double value) { weights.push_back(static_cast<float>(value)); };
    for (std::size_t h = 0; h < hidden; ++h) {
        for (std::size_t k = 0; k < 3 * taps; ++k) add(weight1[h * 3 * taps + k]);
        add(bias1[h]);
        for (std::size_t o = 0; o < 3; ++o) {
            for (std::size_t k = 0; k < taps; ++k) add(weight2[(o * hidden + h) * taps + k]);
        }
        add(scale[h]);
        add(offset[h]);
    }
    for (const double bias : bias2) add(bias);
    return weights;
}

std::vector<float> FoldedNetwork::linear_weights() const {
    const std::size_t side = 2 * std::size_t{kernel} - 1, taps = std::size_t{kernel} * kernel;
    std::vector<double> sums(9 * side * side + 3, 0.0);
    const auto at = [&](std::size_t o, std::size_t c, std::size_t y, std::size_t x) -> double& {
        return sums[((y * 3 + o) * 3 + c) * side + x];
    };
    for (std::size_t o = 0; o < 3; ++o) {
        double& start = sums[9 * side * side + o];
        start = bias2[o];
        at(o, o, kernel - 1, kernel - 1) += residual;
        for (std::size_t h = 0; h < hidden; ++h) {
            for (std::size_t t = 0; t < taps; ++t) {
                const double w = weight2[(o * hidden + h) * taps + t];
                start += w * bias1[h];
                for (std::size_t k = 0; k < 3 * taps; ++k) {
                    const std::size_t c = k / taps, y = k % taps / kernel, x = k % kernel;
                    at(o, c, t / kernel + y, t % kernel + x) += w * weight1[h * 3 * taps + k];
                }
            }
        }
    }
    return {sums.begin(), sums.end()};
}

}  // namespace shadenet
