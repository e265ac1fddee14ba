#include "model/network.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/words.h"

namespace shadenet {

namespace {

/// std::visit with one lambda for each alternative.
template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};
template <typename... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

constexpr auto activation_words = words_of<ActivationKind>("relu", "leaky_relu", "tanh");

void expect_channels(const std::string& name, std::uint32_t expected, std::uint32_t given) {
    if (expected == given) return;
    throw InputError(
        fmt::format("{} takes {} channels, but is given {}; check the layers' order and channels", name,
                    expected, given));
}

/// Output rows for `size` input rows, or columns for columns.
std::uint32_t conv_extent(const Conv& conv, std::uint32_t size) {
    const std::uint64_t pad = conv.padding == Padding::same ? (conv.kernel - 1) / 2 : 0;
    const std::uint64_t padded = size + 2 * pad;
    if (padded < conv.kernel) {
        throw InputError(
            fmt::format("{} has a {}x{} kernel, and its input is only {} wide or high; use larger images",
                        conv.name, conv.kernel, conv.kernel, size));
    }
    return static_cast<std::uint32_t>((padded - conv.kernel) / conv.stride + 1);
}

Shape conv_shape(const Conv& conv, const Shape& x) {
    if (conv.kernel == 0 || conv.stride == 0) {
        throw InputError(fmt::format("{} has kernel {} and stride {}; use 1 or more", conv.name, conv.kernel,
                                     conv.stride));
    }
    expect_channels(conv.name, conv.in_channels, x.c);
    return {x.n, conv.out_channels, conv_extent(conv, x.h), conv_extent(conv, x.w)};
}

void check_skip(std::size_t layer, std::size_t from, const std::vector<Shape>& points) {
    if (from >= points.size()) {
        throw InputError(fmt::format("layer {} skips from point {}, which comes after it; use an earlier one",
                                     layer, from));
    }
    const Shape& a = points[from];
    const Shape& b = points.back();
    if (a == b) return;
    throw InputError(fmt::format("layer {} adds [{},{},{},{}] to [{},{},{},{}]; a skip needs equal shapes",
                                 layer, a.n, a.c, a.h, a.w, b.n, b.c, b.h, b.w));
}

}  // namespace

std::vector<BatchNorm> norms_of(const Network& network) {
    std::vector<BatchNorm> norms;
    for (const Layer& layer : network.layers) {
        if (const auto* norm = std::get_if<BatchNorm>(&layer)) norms.push_back(*norm);
    }
    return norms;
}

bool has_norm(const Network& network) {
    return !norms_of(network).empty();
}

bool has_activation(const Network& network) {
    return std::any_of(network.layers.begin(), network.layers.end(),
                       [](const Layer& layer) { return std::holds_alternative<Activation>(layer); });
}

float slowest_decay(const Network& network) {
    float slowest = 0;
    for (const BatchNorm& norm : norms_of(network)) slowest = std::max(slowest, norm.decay);
    return slowest;
}

std::string to_string(ActivationKind kind) {
    return activation_words[kind];
}

std::optional<ActivationKind> activation_kind(std::string_view word) {
    return activation_words.value(word);
}

std::size_t TensorSpec::values() const {
    std::size_t product = 1;
    for (const std::uint32_t extent : shape) product *= extent;
    return product;
}

std::vector<TensorSpec> tensor_specs(const Network& network) {
    std::vector<TensorSpec> specs;
    const Overloaded append = {
        [&](const Conv& conv) {
            specs.push_back({conv.name + ".weight",
                             {conv.out_channels, conv.in_channels, conv.kernel, conv.kernel},
                             true});
            specs.push_back({conv.name + ".bias", {conv.out_channels}, true});
        },
        [&](const BatchNorm& norm) {
            specs.push_back({norm.name + ".weight", {norm.channels}, true, !norm.scale});
            specs.push_back({norm.name + ".bias", {norm.channels}, true, !norm.center});
            specs.push_back({norm.name + ".running_mean", {norm.channels}, false});
            specs.push_back({norm.name + ".running_var", {norm.channels}, false});
        },
        [](const Activation&) {},
        [](const Skip&) {},
    };
    for (const Layer& layer : network.layers) std::visit(append, layer);
    return specs;
}

Shape output_shape(const Layer& layer, const Shape& x) {
    if (const auto* conv = std::get_if<Conv>(&layer)) return conv_shape(*conv, x);
    if (const auto* norm = std::get_if<BatchNorm>(&layer)) expect_channels(norm->name, norm->channels, x.c);
    return x;
}

std::vector<Shape> point_shapes(const Network& network, const Shape& input) {
    expect_channels("the network", network.input.c, input.c);
    std::vector<Shape> points = {input};
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const Layer& layer = network.layers[i];
        if (const auto* skip = std::get_if<Skip>(&layer)) check_skip(i, skip->from_point, points);
        points.push_back(output_shape(layer, points.back()));
    }
    return points;
}

std::uint32_t receptive_radius(const Network& network) {
    std::uint32_t radius = 0;
    for (const Layer& layer : network.layers) {
        const auto* conv = std::get_if<Conv>(&layer);
        if (conv == nullptr) continue;
        if (conv->stride != 1) {
            throw InputError(
                fmt::format("{} has stride {}; only networks of stride 1 can be applied in tiles", conv->name,
                            conv->stride));
        }
        radius += conv->kernel / 2;
    }
    return radius;
}

namespace {

template <class Kind>
bool is(const std::vector<Layer>& layers, std::size_t index) {
    return index < layers.size() && std::holds_alternative<Kind>(layers[index]);
}

}  // namespace

BiasPath bias_path(const Network& network, std::size_t index) {
    const std::vector<Layer>& layers = network.layers;
    if (!is<Conv>(layers, index)) return BiasPath::free;
    const bool direct = is<BatchNorm>(layers, index + 1);
    const bool through = is<Activation>(layers, index + 1) && is<BatchNorm>(layers, index + 2);
    if (!direct && !through) return BiasPath::free;
    for (const Layer& layer : layers) {
        const auto* skip = std::get_if<Skip>(&layer);
        if (skip == nullptr) continue;
        if (skip->from_point == index + 1 || (through && skip->from_point == index + 2))
            return BiasPath::free;
    }
    return direct ? BiasPath::norm : BiasPath::activation_to_norm;
}

bool bias_feeds_norm(const Network& network, std::size_t index) {
    return bias_path(network, index) == BiasPath::norm;
}

std::string describe(const Layer& layer) {
    const Overloaded text = {
        [](const Conv& conv) {
            return fmt::format("conv {}x{}, {} -> {}, stride {}, {} padding", conv.kernel, conv.kernel,
                               conv.in_channels, conv.out_channels, conv.stride,
                               conv.padding == Padding::same ? "same" : "valid");
        },
        [](const BatchNorm& norm) {
            return fmt::format(
                "batch norm, {} channels, decay {} (momentum {:.6g} in PyTorch), epsilon {}{}{}",
                norm.channels, norm.decay, 1.0 - static_cast<double>(norm.decay), norm.epsilon,
                norm.scale ? "" : ", without gamma", norm.center ? "" : ", without beta");
        },
        [](const Activation& activation) {
            const std::string name = to_string(activation.kind);
            return activation.kind == ActivationKind::leaky_relu
                       ? fmt::format("{}, slope {}", name, leaky_slope)
                       : name;
        },
        [](const Skip& skip) {
            return skip.from_point == 0 ? std::string("skip, + input")
                                        : fmt::format("skip, + output of layer {}", skip.from_point - 1);
        },
    };
    return std::visit(text, layer);
}

std::string layer_name(const Layer& layer) {
    const Overloaded name = {
        [](const Conv& conv) { return conv.name; },
        [](const BatchNorm& norm) { return norm.name; },
        [](const Activation& activation) { return to_string(activation.kind); },
        [](const Skip&) { return std::string("skip"); },
    };
    return std::visit(name, layer);
}

bool adds_input(const Network& network) {
    const auto* skip = network.layers.empty() ? nullptr : std::get_if<Skip>(&network.layers.back());
    return skip != nullptr && skip->from_point == 0;
}

std::uint32_t first_kernel(const Network& network) {
    for (const Layer& layer : network.layers) {
        if (const auto* conv = std::get_if<Conv>(&layer)) return conv->kernel;
    }
    return 3;
}

std::vector<float> decays(const Network& network) {
    std::vector<float> values;
    for (const BatchNorm& norm : norms_of(network)) values.push_back(norm.decay);
    return values;
}

std::optional<float> common_decay(const Network& network) {
    const std::vector<float> values = decays(network);
    if (values.empty() || std::ranges::count(values, values.front()) != std::ssize(values)) return {};
    return values.front();
}

}  // namespace shadenet
