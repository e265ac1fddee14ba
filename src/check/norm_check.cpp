#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "check/harness.h"
#include "check/packed_data.h"
#include "check/value_cases.h"
#include "engine/stack/moment_pass.h"
#include "engine/stack/norm_passes.h"
#include "engine/stack/point_passes.h"
#include "model/random.h"
#include "reference/batchnorm.h"

namespace shadenet::check {

namespace {

/// What a convolution's tiles would hold of x: mean and centred second moment of every tile's pixels.
std::vector<float> moments_of_tiles(const Tiling& tiling, const reference::Tensor& x) {
    const std::uint32_t channels = 4 * blocks_of(x.shape.c);
    std::vector<float> partials(tiling.bytes(blocks_of(x.shape.c)) / sizeof(float), beyond_channels);
    const bool dense = x.shape.plane() == 1;  // pixels are examples
    for (std::uint32_t tile = 0; tile < tiling.tiles(); ++tile) {
        const std::uint32_t column = tile % tiling.tiles_x * tiling.columns;
        const std::uint32_t row = tile / tiling.tiles_x % tiling.tiles_y * tiling.rows;
        const std::uint32_t image = tile / tiling.tiles_x / tiling.tiles_y;
        for (std::uint32_t c = 0; c < x.shape.c; ++c) {
            std::vector<double> values;
            for (std::uint32_t y = row; y < std::min(row + tiling.rows, tiling.height); ++y) {
                for (std::uint32_t p = column; p < std::min(column + tiling.columns, tiling.width); ++p) {
                    values.push_back(dense ? x.at(p, c, 0, 0) : x.at(image, c, y, p));
                }
            }
            double mean = 0, moment = 0;
            for (const double value : values) mean += value / static_cast<double>(values.size());
            for (const double value : values) moment += (value - mean) * (value - mean);
            const std::size_t at = std::size_t{tile} * 2 * channels + 8 * (c / 4) + c % 4;
            partials[at] = static_cast<float>(mean);
            partials[at + 4] = static_cast<float>(moment);
        }
    }
    return partials;
}

/// How many words of the gaps between statistics are not zero, or "".
std::string damage_of_statistics(const ParameterBuffers& buffers, const Parameters& parameters) {
    std::vector<float> values = floats_of(buffers.all_statistics());
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (tensor.trainable) continue;
        for (const BufferRange& range : {buffers.values(tensor.name), buffers.batch_statistic(tensor.name)}) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(range.offset / sizeof(float));
            std::fill_n(first, tensor.values.size(), 0.0f);
        }
    }
    const auto written = std::count_if(values.begin(), values.end(),
                                       [](float value) { return std::bit_cast<std::uint32_t>(value) != 0; });
    return written == 0 ? "" : fmt::format("{} words between the statistics were written", written);
}

struct StackNormTruth {
    std::vector<double> moving_mean, moving_variance;  ///< after the pass
    reference::BatchStatistics batch;
    reference::Tensor y;
    reference::BatchNormGradient gradient;
};

StackNormTruth stack_norm_truth(const StackNormCase& one, const reference::Tensor& x,
                                const reference::Tensor& dy, const Parameters& parameters) {
    const auto value = [&](const char* name) {
        return reference::doubles_from_floats(parameters.at(name).values);
    };
    const auto gamma = value("norm.weight"), beta = value("norm.bias");
    const double epsilon = reference::decimal(one.epsilon), decay = reference::decimal(one.decay);
    StackNormTruth truth{
        value("norm.running_mean"), value("norm.running_var"), reference::batchnorm_statistics(x), {}, {}};
    reference::BatchStatistics used{truth.moving_mean, truth.moving_variance};
    if (one.mode == Mode::training) {
        used = truth.batch;
        reference::moving_update(truth.moving_mean, used.mean, decay);
        reference::moving_update(truth.moving_variance, used.variance, decay);
    }
    truth.y = reference::batchnorm_normalize(x, used.mean, used.variance, gamma, beta, epsilon);
    const auto& backward =
        one.mode == Mode::training ? reference::batchnorm_backward : reference::batchnorm_backward_inference;
    truth.gradient = backward(x, dy, used.mean, used.variance, gamma, epsilon);
    return truth;
}

/// The passes of a norm alone, with all memory that they write poisoned before.
class StackNormRun {
  public:
    StackNormRun(const Device& device, const BatchNorm& layer, const Shape& x, const Parameters& parameters)
        : buffers(device, parameters),
          scratch_(device),
          moments_(device, x, scratch_),
          norm_(device, buffers, layer, x, scratch_),
          points_(device, {.norm = true}, x, scratch_) {
        poison_gradients(buffers, parameters);
        fill_with_nan(norm_.coefficients());
        for (const NamedTensor& tensor : parameters.tensors()) {
            if (!tensor.trainable) fill_with_nan(buffers.batch_statistic(tensor.name));
        }
        fill_with_nan(scratch_.range(PointPasses::tiling({nullptr, 0, x}).bytes(blocks_of(x.c))));
    }

    void forward(Recorder& recorder, const StackNormCase& one, const PackedView& x, const PackedView& y,
                 const reference::Tensor& values) {
        if (one.mode == Mode::inference) {
            norm_.use_moving(recorder);
        } else if (one.columns == 0) {
            norm_.add_moments(recorder, moments_(recorder, x), MomentPass::tiling(x));
            norm_.use_batch(recorder, MomentPass::tiling(x).values(), one.mode);
        } else {
            const Tiling tiling = Tiling::of(x, one.columns, one.rows);
            tiles_.emplace(recorder.device(), tiling.bytes(x.blocks()), "partial moments");
            tiles_->upload(std::span<const float>(moments_of_tiles(tiling, values)));
            norm_.add_moments(recorder, tiles_->whole(), tiling);
            norm_.use_batch(recorder, tiling.values(), one.mode);
        }
        points_.forward(recorder, x, y, norm_.coefficients());
    }

    void backward(Recorder& recorder, Mode mode, const PackedView& x, const PackedView& dy,
                  const PackedView& dx) {
        const BufferRange sums = points_.sums(recorder, x, dy, norm_.coefficients());
        norm_.add_sums(recorder, sums, PointPasses::tiling(x));
        norm_.gradients(recorder, PointPasses::tiling(x).values(), mode);
        points_.backward(recorder, x, dy, dx, norm_.coefficients());
    }

    ParameterBuffers buffers;

  private:
    Scratch scratch_;
    MomentPass moments_;
    NormPasses norm_;
    PointPasses points_;
    std::optional<Buffer> tiles_;
};

}  // namespace

std::vector<Comparison> check_stack_norm(const Device& device, const StackNormCase& one) {
    const BatchNorm layer{"norm", one.x.c, one.decay, one.epsilon};
    std::mt19937_64 random = random_stream(one.seed, 0);
    const std::vector<float> x_values = random_values(one.x.values(), one.data, random);
    const std::vector<float> dy_values = random_values(one.x.values(), Data::normal, random);
    const Parameters parameters = random_parameters({any_size(one.x.c), {layer}}, one.data, one.seed);
    const auto x_true = reference::tensor_from_floats(one.x, x_values);
    const auto dy_true = reference::tensor_from_floats(one.x, dy_values);
    const GuardedPacked x(device, one.x, "x", x_values), dy(device, one.x, "dy", dy_values);
    const GuardedPacked y(device, one.x, "y"), dx(device, one.x, "dx");
    StackNormRun run(device, layer, one.x, parameters);
    Recorder recorder(device);
    run.forward(recorder, one, x.view(), y.view(), x_true);
    const bool training = one.mode == Mode::training, backward = one.mode != Mode::inference;
    if (backward) run.backward(recorder, one.mode, x.view(), dy.view(), dx.view());
    recorder.finish();

    const StackNormTruth expected = stack_norm_truth(one, x_true, dy_true, parameters);
    Parameters after = parameters, gradients = parameters, batch = parameters;
    run.buffers.download(after);
    run.buffers.download_batch_statistics(batch);
    run.buffers.download_gradients(gradients);
    Report report(fmt::format("{}, {}, decay {}, epsilon {}, tiles {}x{}", to_string(one.x),
                              to_string(one.data), one.decay, one.epsilon, one.columns, one.rows),
                  one.seed);
    const std::string mode = training ? "training" : backward ? "frozen" : "inference";
    const auto add_channels = [&](const std::string& kernel, const std::string& tensor,
                                  const std::vector<float>& actual, const std::vector<double>& values,
                                  const Tolerance& tolerance) {
        report.add("stack norm " + kernel, compare(tensor, actual, values, {1, one.x.c, 1, 1}, tolerance));
    };
    const Tolerance moved = training ? tolerance::forward : tolerance::exact;
    add_channels("moving", "running_mean", after.at("norm.running_mean").values, expected.moving_mean, moved);
    add_channels("moving", "running_var", after.at("norm.running_var").values, expected.moving_variance,
                 moved);
    report.add("stack norm forward, " + mode,
               compare("y", y.download(), expected.y.values, one.x, tolerance::forward));
    if (backward) {
        double largest = 0;
        for (const double value : expected.batch.variance) largest = std::max(largest, value);
        add_channels("statistics", "batch mean", batch.at("norm.running_mean").values, expected.batch.mean,
                     tolerance::mean(std::sqrt(largest)));
        add_channels("statistics", "batch variance", batch.at("norm.running_var").values,
                     expected.batch.variance, tolerance::forward);
        report.add("stack norm backward, " + mode,
                   compare("dx", dx.download(), expected.gradient.dx.values, one.x, tolerance::gradient));
        add_channels("backward, " + mode, "dgamma", gradients.at("norm.weight").values,
                     expected.gradient.dgamma, tolerance::gradient);
        add_channels("backward, " + mode, "dbeta", gradients.at("norm.bias").values, expected.gradient.dbeta,
                     tolerance::gradient);
        add_damage(report, "stack norm", {&dx});
        report.add_damage("stack norm", "gradients", gradient_damage(run.buffers, parameters));
    }
    add_damage(report, "stack norm", {&x, &dy, &y});
    report.add_damage("stack norm", "statistics", damage_of_statistics(run.buffers, parameters));
    return report.take();
}

}  // namespace shadenet::check
