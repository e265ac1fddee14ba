#include <algorithm>

#include <fmt/format.h>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "model/random.h"
#include "reference/conv.h"

namespace shadenet::check {

namespace {

bool bias_has_no_gradient(const ConvCase& one) {
    return one.bias_path == BiasPath::norm && one.mode == Mode::training;
}

std::string describe_conv(const ConvCase& one) {
    return fmt::format("{} -> {}, {}x{}, stride {}, {}, {}{}{}", to_string(one.x), one.out_channels,
                       one.kernel, one.kernel, one.stride, one.padding == Padding::same ? "same" : "valid",
                       to_string(one.data), one.bias_path == BiasPath::norm ? ", then norm" : "",
                       one.mode == Mode::inference ? ", inference" : "");
}

Shape weight_shape(const Conv& layer) {
    return {layer.out_channels, layer.in_channels, layer.kernel, layer.kernel};
}

/// The results of the layer in float64.
struct ConvTruth {
    reference::Tensor y, dx;
    reference::ConvGradient gradient;
};

ConvTruth conv_truth(const ConvCase& one, const Conv& layer, std::span<const float> x,
                     std::span<const float> dy, const Parameters& parameters) {
    const auto weight = reference::doubles_from_floats(parameters.at("conv.weight").values);
    const auto bias = reference::doubles_from_floats(parameters.at("conv.bias").values);
    const auto input = reference::tensor_from_floats(one.x, x);
    const auto output_gradient = reference::tensor_from_floats(output_shape(layer, one.x), dy);
    ConvTruth result{reference::conv_forward(input, weight, bias, layer),
                     reference::conv_backward_input(output_gradient, weight, layer, one.x),
                     reference::conv_backward_weight(input, output_gradient, layer)};
    if (bias_has_no_gradient(one)) result.gradient.dbias.assign(layer.out_channels, 0.0);
    return result;
}

}  // namespace

std::vector<Comparison> check_conv(const Device& device, const ConvCase& one) {
    const Conv layer{"conv", one.x.c, one.out_channels, one.kernel, one.stride, one.padding};
    const Shape y_shape = output_shape(layer, one.x);
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const Data dy_data = one.data == Data::halves ? Data::halves : Data::normal;
    const std::vector<float> dy_values = random_values(y_shape.values(), dy_data, random);
    Parameters parameters = random_parameters({any_size(one.x.c), {layer}}, one.data, one.seed);

    const GuardedTensor x(device, one.x, "x", x_values), dy(device, y_shape, "dy", dy_values);
    const GuardedTensor y(device, y_shape, "y"), dx(device, one.x, "dx");
    ParameterBuffers buffers(device, parameters);
    poison_gradients(buffers, parameters);
    Reducer reducer(device);
    Shape largest = one.x;
    largest.n = std::max(one.x.n, one.largest_images);
    const auto kernels = make_kernels({device, reducer, buffers, largest, one.bias_path}, layer);
    Recorder recorder(device);
    const TensorView dx_view = dx.view();
    kernels->forward(recorder, x.view(), y.view(), one.mode);
    kernels->backward(recorder, x.view(), y.view(), dy.view(), &dx_view, one.mode);
    recorder.finish();

    const ConvTruth expected = conv_truth(one, layer, x_values, dy_values, parameters);
    Parameters gradients = parameters;
    buffers.download_gradients(gradients);
    const bool whole = one.data == Data::halves;
    const Tolerance forward = whole ? tolerance::exact : tolerance::forward;
    const Tolerance backward = whole ? tolerance::exact : tolerance::gradient;
    Report report(describe_conv(one), one.seed);
    report.add("conv forward", compare("y", y.download(), expected.y.values, y_shape, forward));
    report.add("conv backward input", compare("dx", dx.download(), expected.dx.values, one.x, forward));
    report.add("conv backward weight", compare("dweight", gradients.at("conv.weight").values,
                                               expected.gradient.dweight, weight_shape(layer), backward));
    report.add("conv backward bias", compare("dbias", gradients.at("conv.bias").values,
                                             expected.gradient.dbias, {1, layer.out_channels, 1, 1},
                                             bias_has_no_gradient(one) ? tolerance::exact : backward));
    add_damage(report, "conv", {&x, &dy, &y, &dx});
    report.add_damage("conv backward weight", "gradients", gradient_damage(buffers, parameters));
    return report.take();
}

}  // namespace shadenet::check
