#include "model/network.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "base/error.h"
#include "base/words.h"

namespace shadenet {

namespace {

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

Shape dense_shape(const Dense& dense, const Shape& x) {
    const std::uint64_t features = std::uint64_t{x.c} * x.plane();
    if (features == dense.in_features) return {x.n, dense.out_features, 1, 1};
    throw InputError(
        fmt::format("{} takes {} values of an example, but is given {} ({}x{}x{}); check the "
                    "layers' order and the input's size",
                    dense.name, dense.in_features, features, x.c, x.h, x.w));
}

/// `cropped` shapes are those of a picture with rings of different width around it.
bool fit_together(const Shape& from, const Shape& to, bool cropped) {
    if (from == to) return true;
    const bool around = from.h >= to.h && (from.h - to.h) % 2 == 0 && from.h - to.h == from.w - to.w;
    return cropped && around && from.n == to.n && from.c == to.c;
}

void check_skip(std::size_t layer, std::size_t from, const std::vector<Shape>& points, bool cropped) {
    if (from >= points.size()) {
        throw InputError(fmt::format("layer {} skips from point {}, which comes after it; use an earlier one",
                                     layer, from));
    }
    const Shape& a = points[from];
    const Shape& b = points.back();
    if (fit_together(a, b, cropped)) return;
    throw InputError(fmt::format("layer {} adds [{},{},{},{}] to [{},{},{},{}]; a skip needs equal shapes",
                                 layer, a.n, a.c, a.h, a.w, b.n, b.c, b.h, b.w));
}

/// Makes one value a channel of a whole picture.
bool takes_whole_pictures(const Layer& layer) {
    return std::holds_alternative<Dense>(layer) || std::holds_alternative<Average>(layer);
}

template <class Kind>
bool is(const std::vector<Layer>& layers, std::size_t index) {
    return index < layers.size() && std::holds_alternative<Kind>(layers[index]);
}

bool has_bias(const Layer& layer) {
    return has_weights(layer) || std::holds_alternative<BatchNorm>(layer);
}

/// Makes of a constant in each channel another constant: weights that pad nothing.
bool keeps_constants(const Layer& layer, bool continued) {
    const auto* conv = std::get_if<Conv>(&layer);
    const bool pads = conv != nullptr && conv->padding == Padding::same && conv->kernel > 1 && !continued;
    return has_weights(layer) && !pads;
}

/// Whether a skip begins at the output of layer `first`, or at one between that and layer `last`.
bool is_read_between(const std::vector<Layer>& layers, std::size_t first, std::size_t last) {
    return std::ranges::any_of(layers, [&](const Layer& layer) {
        const auto* skip = std::get_if<Skip>(&layer);
        return skip != nullptr && skip->from_point > first && skip->from_point <= last;
    });
}

/// The layers of one kind, in their order.
template <class Kind>
std::vector<Kind> all_of_kind(const Network& network) {
    std::vector<Kind> found;
    for (const Layer& layer : network.layers) {
        if (const auto* one = std::get_if<Kind>(&layer)) found.push_back(*one);
    }
    return found;
}

}  // namespace

std::vector<BatchNorm> norms_of(const Network& network) {
    return all_of_kind<BatchNorm>(network);
}

std::vector<Conv> convs_of(const Network& network) {
    return all_of_kind<Conv>(network);
}

bool has_weights(const Layer& layer) {
    return std::holds_alternative<Conv>(layer) || std::holds_alternative<Dense>(layer);
}

bool is_bending_norm(const Network& network, std::size_t index) {
    const auto* norm = std::get_if<BatchNorm>(&network.layers[index]);
    return norm != nullptr && norm->center && index + 1 < network.layers.size() &&
           std::holds_alternative<Activation>(network.layers[index + 1]);
}

bool has_norm(const Network& network) {
    return !norms_of(network).empty();
}

bool has_activation(const Network& network) {
    return !all_of_kind<Activation>(network).empty();
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
    for (const Layer& layer : network.layers) {
        if (const auto* conv = std::get_if<Conv>(&layer)) {
            const std::uint32_t out = conv->out_channels, side = conv->kernel;
            specs.push_back({conv->name + ".weight", {out, conv->in_channels, side, side}, true});
            specs.push_back({conv->name + ".bias", {out}, true});
        } else if (const auto* dense = std::get_if<Dense>(&layer)) {
            specs.push_back({dense->name + ".weight", {dense->out_features, dense->in_features}, true});
            specs.push_back({dense->name + ".bias", {dense->out_features}, true});
        } else if (const auto* norm = std::get_if<BatchNorm>(&layer)) {
            specs.push_back({norm->name + ".weight", {norm->channels}, true, !norm->scale});
            specs.push_back({norm->name + ".bias", {norm->channels}, true, !norm->center});
            specs.push_back({norm->name + ".running_mean", {norm->channels}, false});
            specs.push_back({norm->name + ".running_var", {norm->channels}, false});
        }
    }
    return specs;
}

Shape output_shape(const Layer& layer, const Shape& x) {
    if (const auto* conv = std::get_if<Conv>(&layer)) return conv_shape(*conv, x);
    if (const auto* dense = std::get_if<Dense>(&layer)) return dense_shape(*dense, x);
    if (const auto* norm = std::get_if<BatchNorm>(&layer)) expect_channels(norm->name, norm->channels, x.c);
    if (std::holds_alternative<Average>(layer)) return {x.n, x.c, 1, 1};
    return x;
}

std::uint32_t picture_margin(const Network& network) {
    return continues_pictures(network) ? receptive_radius(network) : 0;
}

std::vector<std::uint32_t> point_margins(const Network& network) {
    std::vector<std::uint32_t> margins = {picture_margin(network)};
    for (const Layer& layer : network.layers) {
        const auto* conv = std::get_if<Conv>(&layer);
        const bool narrows = conv != nullptr && continues_pictures(network);
        margins.push_back(margins.back() - (narrows ? conv->kernel / 2 : 0));
    }
    return margins;
}

Shape with_margin(const Network& network, const Shape& pictures) {
    const std::uint32_t margin = picture_margin(network);
    return {pictures.n, pictures.c, pictures.h + 2 * margin, pictures.w + 2 * margin};
}

Network as_computed(Network network) {
    if (!continues_pictures(network)) return network;
    for (Layer& layer : network.layers) {
        if (auto* conv = std::get_if<Conv>(&layer)) conv->padding = Padding::valid;
    }
    return network;
}

std::vector<Shape> point_shapes(const Network& network, const Shape& pictures) {
    expect_channels("the network", network.input.c, pictures.c);
    std::vector<Shape> points = {with_margin(network, pictures)};
    const std::vector<Layer> layers = as_computed(network).layers;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const Layer& layer = layers[i];
        if (const auto* skip = std::get_if<Skip>(&layer)) {
            check_skip(i, skip->from_point, points, continues_pictures(network));
        }
        points.push_back(output_shape(layer, points.back()));
    }
    return points;
}

void require_keeps_pictures(const Network& network) {
    for (const Layer& layer : network.layers) {
        if (!takes_whole_pictures(layer)) continue;
        throw InputError(
            fmt::format("the network makes single values of a picture, by {}; only networks that keep a "
                        "picture's size and its 3 colours can filter it",
                        layer_name(layer)));
    }
    constexpr Shape picture{1, 3, 16'384, 16'384};  // larger than any network's reach
    const Shape made = point_shapes(network, picture).back();
    if (made == picture) return;
    throw InputError(fmt::format(
        "the network makes {} channels of {}x{} pixels from a picture of {}x{}; only networks that "
        "keep a picture's size and its 3 colours can filter it",
        made.c, made.w, made.h, picture.w, picture.h));
}

std::uint32_t receptive_radius(const Network& network) {
    std::uint32_t radius = 0;
    for (const Layer& layer : network.layers) {
        if (takes_whole_pictures(layer)) {
            throw InputError(
                fmt::format("{} takes a whole picture; only networks without dense and average can be "
                            "applied in tiles",
                            layer_name(layer)));
        }
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

std::optional<std::size_t> cancelling_norm(const Network& network, std::size_t index) {
    const std::vector<Layer>& layers = network.layers;
    if (index >= layers.size() || !has_bias(layers[index])) return {};
    std::size_t norm = index + 1;
    while (norm < layers.size() && keeps_constants(layers[norm], continues_pictures(network))) ++norm;
    if (!is<BatchNorm>(layers, norm) || is_read_between(layers, index, norm)) return {};
    return norm;
}

bool bias_feeds_norm(const Network& network, std::size_t index) {
    return cancelling_norm(network, index).has_value();
}

BiasPath bias_path(const Network& network, std::size_t index) {
    const std::vector<Layer>& layers = network.layers;
    if (bias_feeds_norm(network, index)) return BiasPath::norm;
    const bool through_activation = index < layers.size() && has_weights(layers[index]) &&
                                    is<Activation>(layers, index + 1) && is<BatchNorm>(layers, index + 2);
    const bool straight = through_activation && !is_read_between(layers, index, index + 2);
    return straight ? BiasPath::activation_to_norm : BiasPath::free;
}

std::string describe(const Layer& layer, bool continued) {
    if (const auto* conv = std::get_if<Conv>(&layer)) {
        const char* padding = continued                        ? ""
                              : conv->padding == Padding::same ? ", same padding"
                                                               : ", valid padding";
        return fmt::format("conv {0}x{0}, {1} -> {2}, stride {3}{4}", conv->kernel, conv->in_channels,
                           conv->out_channels, conv->stride, padding);
    }
    if (const auto* norm = std::get_if<BatchNorm>(&layer)) {
        return fmt::format("batch norm, {} channels, decay {} (momentum {:.6g} in PyTorch), epsilon {}{}{}",
                           norm->channels, norm->decay, 1.0 - static_cast<double>(norm->decay), norm->epsilon,
                           norm->scale ? "" : ", without gamma", norm->center ? "" : ", without beta");
    }
    if (const auto* skip = std::get_if<Skip>(&layer)) {
        return skip->from_point == 0 ? "skip, + input"
                                     : fmt::format("skip, + output of layer {}", skip->from_point - 1);
    }
    if (const auto* dense = std::get_if<Dense>(&layer)) {
        return fmt::format("dense, {} -> {}", dense->in_features, dense->out_features);
    }
    if (const auto* dropout = std::get_if<Dropout>(&layer)) {
        return fmt::format("dropout, keeps {}", dropout->keep);
    }
    if (std::holds_alternative<Average>(layer)) return "average over rows and columns";
    const ActivationKind kind = std::get<Activation>(layer).kind;
    const std::string slope = fmt::format(", slope {}", leaky_slope);
    return to_string(kind) + (kind == ActivationKind::leaky_relu ? slope : "");
}

std::string continued_by(PicturePadding padding) {
    return padding == PicturePadding::edge ? "their outermost pixels" : "their mirror images";
}

std::string layer_name(const Layer& layer) {
    if (const auto* conv = std::get_if<Conv>(&layer)) return conv->name;
    if (const auto* norm = std::get_if<BatchNorm>(&layer)) return norm->name;
    if (const auto* dense = std::get_if<Dense>(&layer)) return dense->name;
    if (const auto* activation = std::get_if<Activation>(&layer)) return to_string(activation->kind);
    if (std::holds_alternative<Dropout>(layer)) return "dropout";
    if (std::holds_alternative<Average>(layer)) return "average";
    return "skip";
}

bool adds_input(const Network& network) {
    const auto* skip = network.layers.empty() ? nullptr : std::get_if<Skip>(&network.layers.back());
    return skip != nullptr && skip->from_point == 0;
}

std::uint32_t first_kernel(const Network& network) {
    const std::vector<Conv> convs = convs_of(network);
    return convs.empty() ? 3 : convs.front().kernel;
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
