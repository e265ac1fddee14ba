#include "model/presets.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <variant>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/words.h"
#include "embedded/networks.h"
#include "model/network_text.h"
#include "model/safetensors_header.h"
#include "model/two_layer.h"

namespace shadenet {

namespace {

constexpr std::uint32_t image_channels = 3;
constexpr const char* two_layer_name = "two-layer";
constexpr const char* dncnn_name = "dncnn";
constexpr auto norm_words = words_of<NormPlacement>("before", "after", "none");
constexpr const char* norm_choices = "before, after or none";

/// `value` may come from a file, and hold anything.
template <typename Value>
[[noreturn]] void refuse_option(const char* option, const Value& value, const std::string& accepted) {
    throw InputError(fmt::format("{} is {}; use {}", option, in_quotes(fmt::format("{}", value)), accepted));
}

/// Empty for "none".
std::optional<Activation> activation_of(const std::string& text) {
    if (text == "none") return std::nullopt;
    if (const auto kind = activation_kind(text)) return Activation{*kind};
    refuse_option("activation", text, activation_choices());
}

}  // namespace

void validate(const NetworkOptions& options) {
    if (options.hidden < 1 || options.hidden > 1024)
        refuse_option("hidden", options.hidden, "1 to 1024 channels");
    if (options.kernel % 2 == 0 || options.kernel > 7)
        refuse_option("kernel", options.kernel, "1, 3, 5 or 7");
    activation_of(options.activation);
    if (options.norm > NormPlacement::none)
        refuse_option("norm", static_cast<int>(options.norm), norm_choices);
    if (!(options.decay >= 0.0f && options.decay < 1.0f))
        refuse_option("decay", options.decay, "0 to below 1");
    if (!(options.epsilon > 0.0f && std::isfinite(options.epsilon))) {
        refuse_option("epsilon", options.epsilon, "a number above 0");
    }
    if (options.depth < 2 || options.depth > 64) refuse_option("depth", options.depth, "2 to 64 layers");
    require_range(options.range);
    if (options.padding > PicturePadding::reflect)
        refuse_option("padding", static_cast<int>(options.padding), picture_padding_words.choices());
}

Network two_layer_network(const NetworkOptions& options) {
    validate(options);
    Network network{any_size(image_channels), {}, options.range, options.padding};
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

std::optional<NetworkOptions> two_layer_options(const Network& network) {
    const std::optional<TwoLayerForm> form = match_two_layer(network).form;
    if (!form) return std::nullopt;
    NetworkOptions options{.hidden = form->hidden(),
                           .kernel = form->conv1.kernel,
                           .norm = NormPlacement::none,
                           .residual = form->residual,
                           .range = network.range,
                           .padding = network.padding};
    if (form->activation) options.activation = to_string(form->activation->kind);
    if (const auto& norm = form->before ? form->before : form->after) {
        options.norm = form->before ? NormPlacement::before : NormPlacement::after;
        options.decay = norm->decay;
        options.epsilon = norm->epsilon;
        options.center = norm->center;
        options.scale = norm->scale;
    }
    try {
        if (two_layer_network(options) == network) return options;
    } catch (const InputError&) {
        // No such options are accepted, so that they make no network.
    }
    return std::nullopt;
}

Network dncnn_network(const NetworkOptions& options) {
    validate(options);
    std::string text = fmt::format("input {}, conv {} 3x3, relu", image_channels, options.hidden);
    for (std::uint32_t i = 2; i < options.depth; ++i) {
        text += fmt::format(", conv {} 3x3, norm decay {} epsilon {}{}{}, relu", options.hidden,
                            options.decay, options.epsilon, options.center ? "" : " no-center",
                            options.scale ? "" : " no-scale");
    }
    Network network = parse_network(text + fmt::format(", conv {} 3x3, add input", image_channels), "dncnn");
    network.range = options.range;
    network.padding = options.padding;
    return network;
}

std::vector<std::string> preset_names() {
    std::vector<std::string> names = {two_layer_name, dncnn_name};
    for (const embedded::File& file : embedded::networks()) names.emplace_back(file.name);
    return names;
}

bool is_fixed_preset(const std::string& name) {
    return std::ranges::any_of(embedded::networks(),
                               [&](const embedded::File& file) { return name == file.name; });
}

Network named_network(const std::string& name_file_or_text, const NetworkOptions& shape) {
    const std::string& name = name_file_or_text;
    if (name == two_layer_name) return two_layer_network(shape);
    if (name == dncnn_name) return dncnn_network(shape);
    for (const embedded::File& file : embedded::networks()) {
        if (name == file.name) return parse_network(std::string(text_of(file.bytes)), name);
    }
    if (is_there(name)) {
        return parse_network(std::string(text_of(read_file(name, most_network_text))), name);
    }
    if (name.find_first_of(",\n") != name.npos || name.starts_with("input")) {
        return parse_network(name, "--network");
    }
    throw InputError(fmt::format(
        "--network is {}, which is no file here; use {}, the path of a file, or the layers themselves, as in "
        "\"input 3, conv 16 3x3, norm, relu, conv 3 3x3, add input\"",
        in_quotes(name), fmt::join(preset_names(), ", ")));
}

std::string activation_choices() {
    return "none, " + activation_words.choices();
}

std::string to_string(PicturePadding padding) {
    return picture_padding_words[padding];
}

PicturePadding picture_padding(const std::string& text) {
    if (const auto padding = picture_padding_words.value(text)) return *padding;
    refuse_option("padding", text, picture_padding_words.choices());
}

std::string to_string(NormPlacement norm) {
    return norm_words[norm];
}

NormPlacement norm_placement(const std::string& text) {
    if (const auto norm = norm_words.value(text)) return *norm;
    refuse_option("norm", text, norm_choices);
}

}  // namespace shadenet
