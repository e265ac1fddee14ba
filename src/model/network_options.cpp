// The two-layer network of architecture.h: its options, checked, and the layers they stand for.
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "model/network.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr std::uint32_t image_channels = 3;

/// `value` may come from a file, and hold anything.
template <typename Value>
[[noreturn]] void refuse_option(const char* option, const Value& value, const char* accepted) {
    throw InputError(fmt::format("{} is {}; use {}", option, in_quotes(fmt::format("{}", value)), accepted));
}

/// Empty for "none".
std::optional<Activation> activation_of(const std::string& text) {
    if (text == "none") return std::nullopt;
    if (text == "relu") return Activation{ActivationKind::relu};
    if (text == "leaky_relu") return Activation{ActivationKind::leaky_relu};
    if (text == "tanh") return Activation{ActivationKind::tanh};
    refuse_option("activation", text, "none, relu, leaky_relu or tanh");
}

}  // namespace

void validate(const NetworkOptions& options) {
    if (options.hidden < 1 || options.hidden > 1024)
        refuse_option("hidden", options.hidden, "1 to 1024 channels");
    if (options.kernel % 2 == 0 || options.kernel > 7)
        refuse_option("kernel", options.kernel, "1, 3, 5 or 7");
    activation_of(options.activation);
    to_string(options.norm);
    if (!(options.decay >= 0.0f && options.decay < 1.0f))
        refuse_option("decay", options.decay, "0 to below 1");
    if (!(options.epsilon > 0.0f && std::isfinite(options.epsilon))) {
        refuse_option("epsilon", options.epsilon, "a number above 0");
    }
    require_range(options.range);
}

Network two_layer_network(const NetworkOptions& options) {
    validate(options);
    Network network{image_channels, {}, options.range};
    const auto add_norm = [&](NormPlacement here, const char* name, std::uint32_t channels) {
        if (options.norm == here)
            network.layers.push_back(
                BatchNorm{name, channels, options.decay, options.epsilon, options.center, options.scale});
    };
    network.layers.push_back(Conv{"conv1", image_channels, options.hidden, options.kernel});
    add_norm(NormPlacement::before, "bn1", options.hidden);
    if (const auto activation = activation_of(options.activation)) network.layers.push_back(*activation);
    add_norm(NormPlacement::after, "bn1", options.hidden);
    network.layers.push_back(Conv{"conv2", options.hidden, image_channels, options.kernel});
    // The last layer has no activation, so "before" and "after" it are the same place.
    if (options.norm != NormPlacement::none) add_norm(options.norm, "bn2", image_channels);
    if (options.residual) network.layers.push_back(Skip{0});
    return network;
}

std::string to_string(NormPlacement norm) {
    switch (norm) {
        case NormPlacement::before:
            return "before";
        case NormPlacement::after:
            return "after";
        case NormPlacement::none:
            return "none";
    }
    refuse_option("norm", static_cast<int>(norm), "before, after or none");
}

NormPlacement norm_placement(const std::string& text) {
    for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
        if (text == to_string(norm)) return norm;
    }
    refuse_option("norm", text, "before, after or none");
}

}  // namespace shadenet
