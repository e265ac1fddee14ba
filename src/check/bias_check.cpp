#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/harness.h"
#include "check/packed_data.h"
#include "check/value_cases.h"
#include "engine/stack/bias_gradients.h"
#include "engine/stack/point_passes.h"
#include "model/random.h"
#include "reference/activation.h"

namespace shadenet::check {

namespace {

/// The activation's result y for random inputs, positive ones only in channel 0 and negative ones only in the
/// last channel, and a gradient of y.
struct BiasData {
    reference::Tensor y, dy, slope;

    explicit BiasData(const StackBiasCase& one) {
        std::mt19937_64 random = random_stream(one.seed, 0);
        std::vector<float> x = random_values(one.y.values(), one.data, random);
        keep_from_zero(x);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const std::size_t channel = i / one.y.plane() % one.y.c;
            if (channel == 0) {
                x[i] = std::abs(x[i]);
            } else if (channel + 1 == one.y.c) {
                x[i] = -std::abs(x[i]);
            }
        }
        y = reference::activation_forward(reference::tensor_from_floats(one.y, x), one.activation);
        dy = reference::tensor_from_floats(one.y, random_values(one.y.values(), Data::normal, random));
        reference::Tensor ones(one.y);
        std::fill(ones.values.begin(), ones.values.end(), 1.0);
        slope = reference::activation_backward(y, ones, one.activation);
    }

    /// Σ s·dy of every channel, less the mean of s times Σ dy if a norm follows.
    std::vector<double> dbias(bool into_norm) const {
        const Shape& shape = y.shape;
        std::vector<double> through(shape.c, 0.0), before(shape.c, 0.0), slopes(shape.c, 0.0);
        for (std::size_t i = 0; i < y.values.size(); ++i) {
            const std::size_t channel = i / shape.plane() % shape.c;
            through[channel] += slope.values[i] * dy.values[i];
            before[channel] += dy.values[i];
            slopes[channel] += slope.values[i];
        }
        if (!into_norm) return through;
        const auto count = static_cast<double>(shape.n * shape.plane());
        for (std::size_t c = 0; c < through.size(); ++c) through[c] -= slopes[c] / count * before[c];
        return through;
    }
};

std::vector<float> rounded(const reference::Tensor& tensor) {
    return {tensor.values.begin(), tensor.values.end()};
}

/// Where the slope is constant the gradient vanishes, and nothing but rounding is left of it.
constexpr Tolerance vanishing_or_not{tolerance::gradient.name, tolerance::any_nmse,
                                     tolerance::vanishing.absolute, 0, tolerance::gradient.of_largest};

/// Runs `pass(recorder, y, dy, dbias)` and compares what it leaves in dbias.
template <class Pass>
std::vector<Comparison> check_dbias(const Device& device, const StackBiasCase& one, bool into_norm,
                                    const std::string& name, const Pass& pass) {
    const BiasData data(one);
    const GuardedPacked y(device, one.y, "y", rounded(data.y)), dy(device, one.y, "dy", rounded(data.dy));
    const Conv conv{"conv", 1, one.y.c, 1};
    const Parameters parameters = random_parameters({any_size(1), {conv}}, Data::normal, one.seed);
    const ParameterBuffers buffers(device, parameters);
    poison_gradients(buffers, parameters);
    Recorder recorder(device);
    pass(recorder, y.view(), dy.view(), buffers.gradient("conv.bias"));
    recorder.finish();

    Parameters gradients = parameters;
    buffers.download_gradients(gradients);
    const std::vector<float>& dbias = gradients.at("conv.bias").values;
    Report report(fmt::format("{}, {}", to_string(one.y), to_string(one.data)), one.seed);
    report.add(name, compare("dbias", dbias, data.dbias(into_norm), {1, one.y.c, 1, 1},
                             into_norm ? vanishing_or_not : tolerance::gradient));
    if (into_norm && one.activation == ActivationKind::relu) {
        const std::vector<float> constant_slope{dbias.front(), one.y.c > 1 ? dbias.back() : 0.0f};
        report.add(name, compare("dbias where the slope is constant", constant_slope, std::vector(2, 0.0),
                                 {1, 2, 1, 1}, tolerance::exact));
    }
    add_damage(report, name, {&y, &dy});
    report.add_damage(name, "gradients", gradient_damage(buffers, parameters));
    return report.take();
}

}  // namespace

std::vector<Comparison> check_stack_bias(const Device& device, const StackBiasCase& one) {
    return check_dbias(
        device, one, false, "stack bias before " + to_string(one.activation),
        [&](Recorder& recorder, const PackedView& y, const PackedView& dy, const BufferRange& dbias) {
            Scratch scratch(device);
            const PointPasses points(device, {.activation = one.activation, .from_result = true}, one.y,
                                     scratch);
            BiasGradient bias(device, dbias, one.y, scratch);
            const Tiling tiling = PointPasses::tiling(y);
            fill_with_nan(scratch.range(tiling.bytes(y.blocks())));
            bias(recorder, points.sums(recorder, y, dy), tiling);
            recorder.finish();
        });
}

std::vector<Comparison> check_bias_into_norm(const Device& device, const StackBiasCase& one) {
    return check_dbias(
        device, one, true, "stack bias through " + to_string(one.activation),
        [&](Recorder& recorder, const PackedView& y, const PackedView& dy, const BufferRange& dbias) {
            Scratch scratch(device);
            BiasIntoNorm bias(device, dbias, one.activation, one.y, scratch);
            bias(recorder, y, dy);
            recorder.finish();
        });
}

}  // namespace shadenet::check
