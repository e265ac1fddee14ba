#include "engine/two_layer/folded_network.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/two_layer/fused_network.h"

namespace shadenet {

namespace {

std::vector<double> doubles(const NamedTensor& tensor) {
    return {tensor.values.begin(), tensor.values.end()};
}

/// A norm with fixed statistics: x becomes scale·x + offset.
struct Affine {
    std::vector<double> scale, offset;
};

Affine affine(const std::optional<BatchNorm>& norm, const Parameters& parameters, std::size_t channels) {
    Affine result{std::vector<double>(channels, 1.0), std::vector<double>(channels, 0.0)};
    if (!norm) return result;
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

/// Makes the norm after a convolution a part of the convolution.
void fold(const Affine& norm, std::vector<double>& weight, std::vector<double>& bias) {
    const std::size_t row = weight.size() / bias.size();
    for (std::size_t i = 0; i < weight.size(); ++i) weight[i] *= norm.scale[i / row];
    for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = norm.scale[i] * bias[i] + norm.offset[i];
}

/// What the folded plans need and the network lacks, or "". With up to 1024 hidden channels a thread's rounds
/// stay within what software drivers run.
std::string folded_problem(const TwoLayerForm& form) {
    const std::uint32_t kernel = form.conv1.kernel;
    if (kernel != form.conv2.kernel || kernel % 2 == 0 || kernel > largest_two_layer_kernel) {
        return fmt::format("two kernels of one size, odd and at most {}", largest_two_layer_kernel);
    }
    if (form.hidden() > most_two_layer_hidden)
        return fmt::format("up to {} hidden channels", most_two_layer_hidden);
    return "";
}

}  // namespace

bool folds(const Network& network) {
    const TwoLayerMatch match = match_two_layer(network);
    return match.form && folded_problem(*match.form).empty();
}

FoldedMatch fold_two_layers(const Network& network, const Parameters& parameters) {
    const TwoLayerMatch match = match_two_layer(network);
    const std::string problem = match.form ? folded_problem(*match.form) : match.reason;
    if (!problem.empty()) return {{}, problem};
    const TwoLayerForm& form = *match.form;
    const std::size_t hidden = form.hidden();
    FoldedNetwork folded{
        .hidden = form.hidden(),
        .kernel = form.conv1.kernel,
        .activation = activation_kind(form.activation),
        .norm_after = form.activation && form.after,
        .residual = form.residual ? 1.0 : 0.0,
        .weight1 = doubles(parameters.at(form.conv1.name + ".weight")),
        .bias1 = doubles(parameters.at(form.conv1.name + ".bias")),
        .scale = std::vector<double>(hidden, 1.0),
        .offset = std::vector<double>(hidden, 0.0),
        .weight2 = doubles(parameters.at(form.conv2.name + ".weight")),
        .bias2 = doubles(parameters.at(form.conv2.name + ".bias")),
        .range = network.range,
        .padding = network.padding,
    };
    fold(affine(form.before, parameters, hidden), folded.weight1, folded.bias1);
    const Affine after = affine(form.after, parameters, hidden);
    if (folded.norm_after) {
        folded.scale = after.scale;
        folded.offset = after.offset;
    } else {
        fold(after, folded.weight1, folded.bias1);
    }
    fold(affine(form.last, parameters, 3), folded.weight2, folded.bias2);
    return {std::move(folded), ""};
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
    // Half of the largest float leaves room for rounding. No activation enlarges a number above 1.
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
