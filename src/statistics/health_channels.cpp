// Checks of channels and biases without effect, from the parameters and moving statistics alone.
#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/presets.h"
#include "statistics/health_bounds.h"
#include "statistics/health_checks.h"

namespace shadenet::health {

namespace {

constexpr std::size_t most_named = 4;  // channels that a finding names

struct DeadChannel {
    std::size_t channel;
    std::string reason;
};

struct Range {
    double low, high;
};

/// The facts of a two-layer network for these checks.
struct TwoLayerFacts {
    NetworkOptions options;
    const Parameters& parameters;
};

/// The range of a channel of conv1 with inputs from 0 to 1, and zeros of the padding.
Range output_range(const Parameters& parameters, std::size_t channel) {
    const NamedTensor& weight = parameters.at("conv1.weight");
    const std::size_t taps = weight.values.size() / weight.shape[0];
    const double bias = parameters.at("conv1.bias").values[channel];
    Range range{bias, bias};
    for (std::size_t i = 0; i < taps; ++i) {
        const double value = weight.values[channel * taps + i];
        (value < 0 ? range.low : range.high) += value;
    }
    return range;
}

/// The largest value before the relu, for any picture.
double largest_before_relu(const TwoLayerFacts& facts, const NormValues* norm, std::size_t c) {
    const Range range = output_range(facts.parameters, c);
    if (norm == nullptr || facts.options.norm != NormPlacement::before) return range.high;
    const double scale =
        norm->gamma[c] / std::sqrt(static_cast<double>(norm->variance[c]) + norm->norm.epsilon);
    return scale * ((scale >= 0 ? range.high : range.low) - norm->mean[c]) + norm->beta[c];
}

/// The largest part of pixels with this mean and deviation that can be above 0: Cantelli's inequality, σ²/(σ²
/// + mean²) for a mean below 0.
double largest_part_above_zero(double mean, double deviation) {
    if (mean >= 0) return 1;
    return deviation * deviation / (deviation * deviation + mean * mean);
}

/// Why the relu after conv1 lets (almost) nothing of a channel through; empty if it does not.
std::string closed_relu(const TwoLayerFacts& facts, const NormValues* norm, std::size_t c) {
    if (facts.options.activation != "relu") return "";
    if (largest_before_relu(facts, norm, c) <= 0) return "relu is closed for every picture";
    if (norm == nullptr || facts.options.norm != NormPlacement::before) return "";
    const double variance = norm->variance[c];
    const double deviation = std::abs(norm->gamma[c]) * std::sqrt(variance / (variance + norm->norm.epsilon));
    const double part = largest_part_above_zero(norm->beta[c], deviation);
    if (part > relu_opens) return "";
    return fmt::format("relu lets at most {} % of its pixels through", two_digits(100 * part));
}

/// Why a norm's output is constant; empty if it is not.
std::string constant_norm(const NormValues& norm, std::size_t c) {
    if (norm.gamma[c] == 0.0f) return "gamma is 0";
    if (!norm.is_constant(c)) return "";
    return fmt::format("its moving variance is {}", two_digits(norm.variance[c]));
}

bool is_unused(const Parameters& parameters, std::size_t channel) {
    const NamedTensor& weight = parameters.at("conv2.weight");
    const std::size_t inputs = weight.shape[1], taps = std::size_t{weight.shape[2]} * weight.shape[3];
    for (std::size_t o = 0; o < weight.shape[0]; ++o) {
        for (std::size_t i = 0; i < taps; ++i) {
            if (weight.values[(o * inputs + channel) * taps + i] != 0.0f) return false;
        }
    }
    return true;
}

std::vector<DeadChannel> dead_hidden_channels(const TwoLayerFacts& facts, const NormValues* norm) {
    std::vector<DeadChannel> dead;
    for (std::size_t c = 0; c < facts.options.hidden; ++c) {
        std::string reason = norm == nullptr ? "" : constant_norm(*norm, c);
        if (reason.empty()) reason = closed_relu(facts, norm, c);
        if (reason.empty() && is_unused(facts.parameters, c)) reason = "conv2 has only zeros for it";
        if (!reason.empty()) dead.push_back({c, reason});
    }
    return dead;
}

std::string list_of(const std::vector<DeadChannel>& dead) {
    std::vector<std::string> named;
    for (std::size_t i = 0; i < std::min(dead.size(), most_named); ++i) {
        named.push_back(fmt::format("{} ({})", dead[i].channel, dead[i].reason));
    }
    std::string text = fmt::format("{}", fmt::join(named, ", "));
    if (dead.size() > most_named) text += fmt::format(" and {} more", dead.size() - most_named);
    return text;
}

void add_hidden(const TwoLayerFacts& facts, const NormValues* norm, std::vector<Finding>& findings) {
    const std::vector<DeadChannel> dead = dead_hidden_channels(facts, norm);
    if (dead.empty()) return;
    const bool all = dead.size() == facts.options.hidden;
    findings.push_back(
        {FindingKind::dead_channel, all ? Severity::fault : Severity::warning,
         fmt::format("{} of {} hidden channels {} dead, the same for all pictures or unused: {}.",
                     dead.size(), facts.options.hidden, dead.size() == 1 ? "is" : "are", list_of(dead)),
         facts.options.activation == "relu"
             ? "Train again with a lower --lr, another --seed or --activation leaky_relu, or do with a "
               "smaller --hidden."
             : "Train again with a lower --lr or another --seed, or do with a smaller --hidden."});
}

/// A constant difference from the input may be just what a colour needs: no warning in residual networks.
void add_colours(const TwoLayerFacts& facts, const NormValues& norm, std::vector<Finding>& findings) {
    std::vector<DeadChannel> dead;
    for (std::size_t c = 0; c < norm.gamma.size(); ++c) {
        const std::string reason = constant_norm(norm, c);
        if (!reason.empty()) dead.push_back({c, reason});
    }
    if (dead.empty()) return;
    const bool residual = facts.options.residual;
    findings.push_back(
        {FindingKind::dead_channel, residual ? Severity::information : Severity::warning,
         fmt::format(
             "{} of {} channels of {} {} the same for all pictures: {}; in these colours the result is {}.",
             dead.size(), norm.gamma.size(), norm.norm.name, dead.size() == 1 ? "is" : "are", list_of(dead),
             residual ? "the input plus a constant" : "a constant"),
         residual ? "Where the filter is to change them, train it, with more steps or another --seed."
                  : "Train again with a lower --lr or another --seed."});
}

}  // namespace

void check_dead_channels(const HealthFacts& facts, std::vector<Finding>& findings) {
    const std::optional<NetworkOptions> options = two_layer_options(facts.network);
    if (!options || facts.classifier) return;
    const TwoLayerFacts two_layers{*options, facts.parameters};
    const std::vector<NormValues> norms = norms_of(facts.network, facts.parameters);
    add_hidden(two_layers, norms.empty() ? nullptr : &norms.front(), findings);
    if (!norms.empty()) add_colours(two_layers, norms.back(), findings);
}

void check_cancelled_biases(const HealthFacts& facts, std::vector<Finding>& findings) {
    if (facts.frozen) return;  // a norm that keeps its mean does not take a bias away
    const Network& network = facts.network;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const std::optional<std::size_t> index = cancelling_norm(network, i);
        if (!index || !has_weights(network.layers[i])) continue;
        const std::string conv = layer_name(network.layers[i]), norm = layer_name(network.layers[*index]);
        double largest = 0;
        for (const float value : facts.parameters.at(conv + ".bias").values) {
            largest = std::max(largest, std::abs(static_cast<double>(value)));
        }
        if (largest == 0) continue;
        findings.push_back(
            {FindingKind::cancelled_bias, Severity::information,
             fmt::format("The bias of {} (up to {}) does nothing in training: {} subtracts it with the mean.",
                         conv, two_digits(largest), norm),
             "It is harmless, and need not be mended: the beta of the norm does its work."});
    }
}

}  // namespace shadenet::health
