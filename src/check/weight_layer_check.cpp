#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "check/packed_data.h"
#include "engine/stack/stack_tiles.h"
#include "engine/stack/weight_layer.h"
#include "model/random.h"
#include "reference/activation.h"
#include "reference/conv.h"
#include "reference/dense.h"

namespace shadenet::check {

namespace {

std::string describe_layer(const WeightLayerCase& one) {
    std::string text = fmt::format("{} -> {}, ", to_string(one.x), one.out_channels);
    text += one.dense ? "dense"
                      : fmt::format("{0}x{0}, stride {1}, {2}", one.kernel, one.stride,
                                    one.padding == Padding::same ? "same" : "valid");
    text += ", " + to_string(one.data);
    if (one.norm) text += ", then norm";
    if (one.sum == Sum::before_activation) text += ", then sum";
    if (one.activation) text += ", then " + to_string(*one.activation);
    if (one.sum == Sum::after_activation) text += ", then sum";
    if (one.before) text += ", after " + to_string(*one.before);
    if (one.add) text += ", dx added to";
    if (one.layout == WeightLayout::dense) text += ", dense weights";
    if (one.tiles) text += ", " + to_string(*one.tiles);
    return text;
}

/// The layer of a case, on its own.
struct CaseLayer {
    explicit CaseLayer(const WeightLayerCase& one)
        : conv{"layer", one.x.c, one.out_channels, one.kernel, one.stride, one.padding},
          dense{"layer", static_cast<std::uint32_t>(one.x.c * one.x.plane()), one.out_channels},
          layer(one.dense ? Layer(dense) : Layer(conv)),
          norm{"norm", one.out_channels},
          x(one.dense ? Shape{one.x.n, dense.in_features, 1, 1} : one.x),
          y(output_shape(layer, one.x)) {}

    WeightForm form() const {
        return std::holds_alternative<Dense>(layer) ? WeightForm::of(dense) : WeightForm::of(conv);
    }

    Conv conv;
    Dense dense;
    Layer layer;
    BatchNorm norm;
    Shape x, y;
};

/// The passes in float64.
struct LayerTruth {
    reference::Tensor y, dx;
    std::vector<double> dweight;
};

/// The slope of an activation as a function of its result.
double slope_of(ActivationKind kind, double result) {
    switch (kind) {
        case ActivationKind::relu:
            return result > 0 ? 1 : 0;
        case ActivationKind::leaky_relu:
            return result > 0 ? 1 : static_cast<double>(leaky_slope);
        case ActivationKind::tanh:
            return 1 - result * result;
        case ActivationKind::sigmoid:
            return result * (1 - result);
        case ActivationKind::elu:
            break;
    }
    return result > 0 ? 1 : 1 + result;
}

reference::Tensor add(reference::Tensor x, std::span<const float> other) {
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] += static_cast<double>(other[i]);
    return x;
}

/// With the moving statistics.
reference::Tensor normed(reference::Tensor x, const BatchNorm& norm, const Parameters& parameters) {
    const auto of = [&](const char* name, std::size_t c) {
        return static_cast<double>(parameters.at(norm.name + name).values[c]);
    };
    for (std::size_t i = 0; i < x.values.size(); ++i) {
        const std::size_t c = i / x.shape.plane() % x.shape.c;
        const double deviation = std::sqrt(of(".running_var", c) + static_cast<double>(norm.epsilon));
        x.values[i] = (x.values[i] - of(".running_mean", c)) / deviation * of(".weight", c) + of(".bias", c);
    }
    return x;
}

/// Means far from zero, and variances from less than epsilon to some millions.
void make_statistics_ugly(Parameters& parameters) {
    std::vector<float>& mean = parameters.at("norm.running_mean").values;
    std::vector<float>& variance = parameters.at("norm.running_var").values;
    for (std::size_t c = 0; c < mean.size(); ++c) {
        mean[c] = 10 + 100 * mean[c];
        variance[c] *= std::pow(10.0f, static_cast<float>(c % 14) - 7);
    }
}

LayerTruth layer_truth(const WeightLayerCase& one, const CaseLayer& layer, std::span<const float> x_values,
                       std::span<const float> dy_values, std::span<const float> part,
                       std::span<const float> other, const Parameters& parameters) {
    const auto weight = reference::doubles_from_floats(parameters.at("layer.weight").values);
    const auto bias = reference::doubles_from_floats(parameters.at("layer.bias").values);
    const auto x = reference::tensor_from_floats(layer.x, x_values);
    const auto dy = reference::tensor_from_floats(layer.y, dy_values);
    LayerTruth truth;
    if (one.dense) {
        truth = {reference::dense_forward(x, weight, bias, layer.dense),
                 reference::dense_backward_input(dy, weight, layer.dense, layer.x),
                 reference::dense_backward_weight(x, dy, layer.dense).dweight};
    } else {
        truth = {reference::conv_forward(x, weight, bias, layer.conv),
                 reference::conv_backward_input(dy, weight, layer.conv, layer.x),
                 reference::conv_backward_weight(x, dy, layer.conv).dweight};
    }
    if (one.norm) truth.y = normed(truth.y, layer.norm, parameters);
    if (one.sum == Sum::before_activation) truth.y = add(truth.y, other);
    if (one.activation) truth.y = reference::activation_forward(truth.y, *one.activation);
    if (one.sum == Sum::after_activation) truth.y = add(truth.y, other);
    for (std::size_t i = 0; i < truth.dx.values.size(); ++i) {
        if (one.add) truth.dx.values[i] += static_cast<double>(part[i]);
        if (one.before) truth.dx.values[i] *= slope_of(*one.before, static_cast<double>(x_values[i]));
    }
    return truth;
}

/// Merges partial moments on the host. [c] each.
struct MergedMoments {
    std::vector<double> mean, variance;
};

/// Calls `use(channel, first, second, pixels)` for each channel of each tile of partial results.
template <class Use>
void for_each_partial(const BufferRange& partials, const Tiling& tiling, const Shape& shape, const Use& use) {
    const std::vector<float> values = floats_of(partials);
    const std::uint32_t blocks = blocks_of(shape.c);
    for (std::uint32_t tile = 0; tile < tiling.tiles(); ++tile) {
        const std::uint32_t column = tile % tiling.tiles_x, row = tile / tiling.tiles_x % tiling.tiles_y;
        const std::uint32_t pixels = std::min(tiling.columns, tiling.width - column * tiling.columns) *
                                     std::min(tiling.rows, tiling.height - row * tiling.rows);
        for (std::uint32_t c = 0; c < shape.c; ++c) {
            const std::size_t at = ((std::size_t{tile} * blocks + c / 4) * 2) * 4 + c % 4;
            use(c, static_cast<double>(values[at]), static_cast<double>(values[at + 4]), pixels);
        }
    }
}

MergedMoments merge_moments(const BufferRange& partials, const Tiling& tiling, const Shape& shape) {
    std::vector<double> count(shape.c), mean(shape.c), squares(shape.c);
    for_each_partial(partials, tiling, shape, [&](std::uint32_t c, double first, double second, double n) {
        const double all = count[c] + n, step = first - mean[c];
        mean[c] += step * n / all;
        squares[c] += second + step * step * count[c] * n / all;
        count[c] = all;
    });
    for (std::uint32_t c = 0; c < shape.c; ++c) squares[c] /= count[c];
    return {mean, squares};
}

MergedMoments moments_of(const reference::Tensor& y) {
    const Shape& shape = y.shape;
    MergedMoments moments{std::vector<double>(shape.c), std::vector<double>(shape.c)};
    const double count = static_cast<double>(shape.n) * static_cast<double>(shape.plane());
    const auto each = [&](auto use) {
        for (std::size_t i = 0; i < y.values.size(); ++i) use(i / shape.plane() % shape.c, y.values[i]);
    };
    each([&](std::size_t c, double value) { moments.mean[c] += value / count; });
    each([&](std::size_t c, double value) {
        moments.variance[c] += (value - moments.mean[c]) * (value - moments.mean[c]) / count;
    });
    return moments;
}

std::vector<double> channel_sums(const reference::Tensor& x) {
    std::vector<double> sums(x.shape.c);
    for (std::size_t i = 0; i < x.values.size(); ++i) sums[i / x.shape.plane() % x.shape.c] += x.values[i];
    return sums;
}

std::vector<float> floats(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

}  // namespace

std::vector<Comparison> check_weight_layer(const Device& device, const WeightLayerCase& one) {
    const CaseLayer layer(one);
    const bool exact = one.data == Data::halves, trains = one.layout == WeightLayout::blocks;
    std::mt19937_64 random = random_stream(one.seed, 0);
    std::vector<float> x_values = random_values(layer.x.values(), one.data, random);
    if (one.before) keep_from_zero(x_values);
    const Data data = exact ? Data::halves : Data::normal;
    const std::vector<float> dy_values = random_values(layer.y.values(), data, random);
    const std::vector<float> part = random_values(layer.x.values(), data, random);
    const std::vector<float> added = random_values(layer.y.values(), data, random);
    Network network{any_size(one.x.c), {layer.layer}};
    if (one.norm) network.layers.emplace_back(layer.norm);
    Parameters parameters = random_parameters(network, data, one.seed);
    if (one.norm && one.data == Data::ugly) make_statistics_ugly(parameters);
    const LayerTruth truth = layer_truth(one, layer, x_values, dy_values, part, added, parameters);

    const GuardedPacked x(device, layer.x, "x", x_values), dy(device, layer.y, "dy", dy_values);
    const GuardedPacked y(device, layer.y, "y"), other(device, layer.y, "other", added);
    const GuardedPacked dx =
        one.add ? GuardedPacked(device, layer.x, "dx", part) : GuardedPacked(device, layer.x, "dx");
    ParameterBuffers buffers(device, parameters, one.layout);
    const OptimizerKernels optimizer(device, {.kind = OptimizerKind::sgd}, buffers);
    Scratch scratch(device);
    const WeightForm form = layer.form();
    const ForwardEpilogue forward_end{one.activation, one.moments, one.sum};
    const BackwardEpilogue backward_end{one.before, one.add};
    const LayerTiles tiles = one.tiles.value_or(default_layer_tiles(
        device.info().kind,
        LayerClass::of(form.weights, form.kernel, form.stride, layer.y, forward_end, backward_end)));
    WeightLayer kernels(device, buffers, form, layer.x, layer.y, scratch, trains, one.needs_dx, forward_end,
                        backward_end, tiles, one.norm ? std::optional(layer.norm) : std::nullopt);
    scratch.allocate();
    Recorder recorder(device);
    kernels.refresh(recorder);
    const Tiling tiling =
        kernels.forward(recorder, x.view(), y.view(), one.sum == Sum::none ? PackedView{} : other.view());
    recorder.finish();
    Report report(describe_layer(one), one.seed);
    const Tolerance forward = exact ? tolerance::exact : tolerance::forward;
    report.add("weights forward", compare("y", y.download(), truth.y.values, layer.y, forward));
    if (one.moments) {
        const MergedMoments found =
            merge_moments(scratch.range(tiling.bytes(blocks_of(layer.y.c))), tiling, layer.y);
        const MergedMoments moments = moments_of(truth.y);
        const double variance = *std::ranges::max_element(moments.variance);
        const Shape channels{1, layer.y.c, 1, 1};
        report.add("weights moments", compare("mean", floats(found.mean), moments.mean, channels,
                                              tolerance::mean(std::sqrt(variance))));
        report.add("weights moments", compare("variance", floats(found.variance), moments.variance, channels,
                                              tolerance::mean(variance)));
    }
    if (!trains) return report.take();

    std::optional<Tiling> sums;
    if (one.needs_dx) sums = kernels.backward_input(recorder, dy.view(), x.view(), dx.view());
    kernels.backward_weights(recorder, x.view(), dy.view());
    poison_gradients(buffers, parameters);
    kernels.add_gradient(recorder, optimizer);
    recorder.finish();
    Parameters gradients = parameters;
    buffers.download_gradients(gradients);
    const Tolerance backward = exact ? tolerance::exact : tolerance::gradient;
    if (sums) {
        report.add("weights backward input", compare("dx", dx.download(), truth.dx.values, layer.x, forward));
    }
    report.add("weights backward", compare("dweight", gradients.at("layer.weight").values, truth.dweight,
                                           flat(truth.dweight.size()), backward));
    if (sums && one.before) {
        std::vector<double> found(layer.x.c);
        for_each_partial(scratch.range(sums->bytes(blocks_of(layer.x.c))), *sums, layer.x,
                         [&](std::uint32_t c, double first, double, double) { found[c] += first; });
        report.add("weights backward input", compare("sums of dx", floats(found), channel_sums(truth.dx),
                                                     {1, layer.x.c, 1, 1}, tolerance::gradient));
    }
    add_damage(report, "weights", {&x, &dy, &y, &other});
    if (sums) add_damage(report, "weights", {&dx});
    return report.take();
}

}  // namespace shadenet::check
