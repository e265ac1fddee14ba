#include <fmt/format.h>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "engine/layers/batchnorm.h"
#include "model/random.h"
#include "reference/batchnorm.h"

namespace shadenet::check {

namespace {

using reference::decimal;
using reference::doubles_from_floats;

std::string describe_batchnorm(const BatchNormCase& one) {
    return fmt::format("{}, {}, decay {}, epsilon {}", to_string(one.x), to_string(one.data), one.decay,
                       one.epsilon);
}

/// The results of the layer in float64.
struct BatchNormTruth {
    std::vector<double> moving_mean, moving_variance;  ///< after the pass
    reference::BatchStatistics batch;                  ///< of x
    reference::BatchStatistics used;                   ///< by the norm
    reference::Tensor y;
    reference::BatchNormGradient gradient;
};

BatchNormTruth batchnorm_truth(const BatchNormCase& one, std::span<const float> x_values,
                               std::span<const float> dy_values, const Parameters& parameters) {
    const auto value = [&](const char* name) { return doubles_from_floats(parameters.at(name).values); };
    const auto x = reference::tensor_from_floats(one.x, x_values);
    const auto dy = reference::tensor_from_floats(one.x, dy_values);
    const auto gamma = value("norm.weight"), beta = value("norm.bias");
    const double epsilon = decimal(one.epsilon);
    BatchNormTruth result{value("norm.running_mean"),
                          value("norm.running_var"),
                          reference::batchnorm_statistics(x),
                          {},
                          {},
                          {}};
    if (one.mode == Mode::training) {
        result.used = result.batch;
        reference::moving_update(result.moving_mean, result.used.mean, decimal(one.decay));
        reference::moving_update(result.moving_variance, result.used.variance, decimal(one.decay));
    } else {
        result.used = {result.moving_mean, result.moving_variance};
    }
    result.y =
        reference::batchnorm_normalize(x, result.used.mean, result.used.variance, gamma, beta, epsilon);
    const auto& backward =
        one.mode == Mode::training ? reference::batchnorm_backward : reference::batchnorm_backward_inference;
    result.gradient = backward(x, dy, result.used.mean, result.used.variance, gamma, epsilon);
    return result;
}

std::vector<float> channel_values(const BufferRange& range) {
    return range.buffer->download<float>(range.size / sizeof(float), range.offset);
}

}  // namespace

std::vector<Comparison> check_batchnorm(const Device& device, const BatchNormCase& one) {
    const BatchNorm layer{"norm", one.x.c, one.decay, one.epsilon};
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const std::vector<float> dy_values = random_values(one.x.values(), Data::normal, random);
    const Parameters parameters = random_parameters({any_size(one.x.c), {layer}}, one.data, one.seed);

    const GuardedTensor x(device, one.x, "x", x_values), dy(device, one.x, "dy", dy_values);
    const GuardedTensor y(device, one.x, "y"), dx(device, one.x, "dx");
    ParameterBuffers buffers(device, parameters);
    poison_gradients(buffers, parameters);
    Reducer reducer(device);
    BatchNormKernels kernels({device, reducer, buffers, one.x}, layer);
    Recorder recorder(device);
    const TensorView dx_view = dx.view();
    kernels.forward(recorder, x.view(), y.view(), one.mode);
    kernels.backward(recorder, x.view(), y.view(), dy.view(), &dx_view, one.mode);
    recorder.finish();

    const BatchNormTruth expected = batchnorm_truth(one, x_values, dy_values, parameters);
    Parameters after = parameters, gradients = parameters, batch = parameters;
    buffers.download(after);
    buffers.download_batch_statistics(batch);
    buffers.download_gradients(gradients);
    const bool training = one.mode == Mode::training;
    const Shape channels{1, one.x.c, 1, 1};
    const std::string mode = training ? "training" : one.mode == Mode::frozen ? "frozen" : "inference";
    const std::string forward = "batchnorm forward, " + mode, backward = "batchnorm backward, " + mode;
    Report report(describe_batchnorm(one), one.seed);
    const auto add_channels = [&](const std::string& kernel, const std::string& tensor,
                                  const std::vector<float>& actual, const std::vector<double>& values,
                                  const Tolerance& tolerance) {
        report.add(kernel, compare(tensor, actual, values, channels, tolerance));
    };
    add_channels("batchnorm statistics", "mean", channel_values(kernels.mean()), expected.used.mean,
                 tolerance::forward);
    add_channels("batchnorm statistics", "variance", channel_values(kernels.variance()),
                 expected.used.variance, tolerance::forward);
    const Tolerance moved = training ? tolerance::forward : tolerance::exact;
    add_channels("batchnorm moving", "running_mean", after.at("norm.running_mean").values,
                 expected.moving_mean, moved);
    add_channels("batchnorm moving", "running_var", after.at("norm.running_var").values,
                 expected.moving_variance, moved);
    if (one.mode != Mode::inference) {
        add_channels("batchnorm statistics", "batch mean", batch.at("norm.running_mean").values,
                     expected.batch.mean, tolerance::forward);
        add_channels("batchnorm statistics", "batch variance", batch.at("norm.running_var").values,
                     expected.batch.variance, tolerance::forward);
    }
    report.add(forward, compare("y", y.download(), expected.y.values, one.x, tolerance::forward));
    report.add(backward,
               compare("dx", dx.download(), expected.gradient.dx.values, one.x, tolerance::gradient));
    add_channels(backward, "dgamma", gradients.at("norm.weight").values, expected.gradient.dgamma,
                 tolerance::gradient);
    add_channels(backward, "dbeta", gradients.at("norm.bias").values, expected.gradient.dbeta,
                 tolerance::gradient);
    add_damage(report, "batchnorm", {&x, &dy, &y, &dx});
    report.add_damage(backward, "gradients", gradient_damage(buffers, parameters));
    return report.take();
}

}  // namespace shadenet::check
