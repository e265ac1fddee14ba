#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/words.h"
#include "check/harness.h"
#include "check/kernel_cases.h"
#include "engine/layers/bias_through_activation.h"
#include "engine/layers/skip.h"
#include "model/random.h"
#include "reference/activation.h"
#include "reference/skip.h"

namespace shadenet::check {

namespace {

constexpr auto skip_targets = words_of<SkipTarget>("into a new tensor", "into the first", "into the second");

/// Makes the values of channel 0 positive, and of the last channel negative.
void fix_signs(const Shape& shape, std::vector<float>& values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::size_t channel = i / shape.plane() % shape.c;
        if (channel == 0) {
            values[i] = std::abs(values[i]);
        } else if (channel + 1 == shape.c) {
            values[i] = -std::abs(values[i]);
        }
    }
}

/// Σ s·dx − (mean s)·Σ dx of every channel; s: the slope of the activation.
std::vector<double> bias_gradient(const reference::Tensor& y, const reference::Tensor& dx,
                                  ActivationKind kind) {
    reference::Tensor ones(y.shape);
    std::fill(ones.values.begin(), ones.values.end(), 1.0);
    const reference::Tensor slope = reference::activation_backward(y, ones, kind);
    std::vector<double> through(y.shape.c, 0.0), before(y.shape.c, 0.0), slopes(y.shape.c, 0.0);
    for (std::size_t i = 0; i < y.values.size(); ++i) {
        const std::size_t channel = i / y.shape.plane() % y.shape.c;
        through[channel] += slope.values[i] * dx.values[i];
        before[channel] += dx.values[i];
        slopes[channel] += slope.values[i];
    }
    const auto count = static_cast<double>(y.shape.n * y.shape.plane());
    for (std::size_t c = 0; c < through.size(); ++c) through[c] -= slopes[c] / count * before[c];
    return through;
}

}  // namespace

std::vector<Comparison> check_bias_through_activation(const Device& device, const ActivationCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    std::vector<float> x = random_values(one.x.values(), one.data, random);
    keep_from_zero(x);
    fix_signs(one.x, x);
    const std::vector<float> dx_values = random_values(one.x.values(), Data::normal, random);
    const auto y_true = reference::activation_forward(reference::tensor_from_floats(one.x, x), one.kind);
    const std::vector<float> y_values(y_true.values.begin(), y_true.values.end());
    const GuardedTensor y(device, one.x, "y", y_values), dx(device, one.x, "dx", dx_values);
    const Conv conv{"conv", 1, one.x.c, 1};
    const Parameters parameters = random_parameters({any_size(1), {conv}}, Data::normal, one.seed);
    ParameterBuffers buffers(device, parameters);
    poison_gradients(buffers, parameters);
    Reducer reducer(device);
    BiasThroughActivation kernels({device, reducer, buffers, one.x}, conv, Activation{one.kind});
    Recorder recorder(device);
    kernels.backward(recorder, y.view(), dx.view());
    recorder.finish();

    Parameters gradients = parameters;
    buffers.download_gradients(gradients);
    const std::vector<float>& dbias = gradients.at("conv.bias").values;
    const std::vector<double> expected =
        bias_gradient(y_true, reference::tensor_from_floats(one.x, dx_values), one.kind);
    const std::string kernel = "bias through " + layer_name(Activation{one.kind});
    Report report(fmt::format("{}, {}", to_string(one.x), to_string(one.data)), one.seed);
    report.add(kernel, compare("dbias", dbias, expected, {1, one.x.c, 1, 1}, tolerance::gradient));
    if (one.kind == ActivationKind::relu) {
        const std::vector<float> constant_slope{dbias.front(), one.x.c > 1 ? dbias.back() : 0.0f};
        report.add(kernel, compare("dbias where the slope is constant", constant_slope, std::vector(2, 0.0),
                                   {1, 2, 1, 1}, tolerance::exact));
    }
    add_damage(report, kernel, {&y, &dx});
    report.add_damage(kernel, "gradients", gradient_damage(buffers, parameters));
    return report.take();
}

std::vector<Comparison> check_activation(const Device& device, const ActivationCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    keep_from_zero(x_values);
    const std::vector<float> dy_values = random_values(one.x.values(), Data::normal, random);

    const GuardedTensor x(device, one.x, "x", x_values), dy(device, one.x, "dy", dy_values);
    const GuardedTensor y(device, one.x, "y"), dx(device, one.x, "dx");
    ParameterBuffers none(device, Parameters{});
    Reducer reducer(device);
    const auto kernels = make_kernels({device, reducer, none, one.x}, Activation{one.kind});
    Recorder recorder(device);
    const TensorView dx_view = dx.view();
    kernels->forward(recorder, x.view(), y.view(), Mode::training);
    kernels->backward(recorder, x.view(), y.view(), dy.view(), &dx_view, Mode::training);
    recorder.finish();

    const auto y_true =
        reference::activation_forward(reference::tensor_from_floats(one.x, x_values), one.kind);
    const auto dx_true =
        reference::activation_backward(y_true, reference::tensor_from_floats(one.x, dy_values), one.kind);
    const std::string name = layer_name(Activation{one.kind});
    Report report(fmt::format("{}, {}", to_string(one.x), to_string(one.data)), one.seed);
    report.add(name + " forward", compare("y", y.download(), y_true.values, one.x, tolerance::elementwise));
    report.add(name + " backward",
               compare("dx", dx.download(), dx_true.values, one.x, tolerance::elementwise));
    add_damage(report, name, {&x, &dy, &y, &dx});
    return report.take();
}

std::vector<Comparison> check_skip(const Device& device, const SkipCase& one) {
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const std::vector<float> other_values = random_values(one.x.values(), one.data, random);
    const GuardedTensor x(device, one.x, "x", x_values), other(device, one.x, "other", other_values);
    const GuardedTensor separate(device, one.x, "y");
    const GuardedTensor& y = one.target == SkipTarget::first    ? x
                             : one.target == SkipTarget::second ? other
                                                                : separate;
    SkipKernels kernels(device);
    Recorder recorder(device);
    kernels.add(recorder, x.view(), other.view(), y.view());
    recorder.finish();

    reference::Tensor expected = reference::add(reference::tensor_from_floats(one.x, x_values),
                                                reference::tensor_from_floats(one.x, other_values));
    // The sum of two floats is exact enough in float64 that rounding it to float32 is rounding the true sum.
    for (double& value : expected.values) value = static_cast<float>(value);
    Report report(fmt::format("{}, {}, {}", to_string(one.x), skip_targets[one.target], to_string(one.data)),
                  one.seed);
    report.add("skip", compare("y", y.download(), expected.values, one.x, tolerance::exact));
    add_damage(report, "skip", {&x, &other, &separate});
    return report.take();
}

}  // namespace shadenet::check
