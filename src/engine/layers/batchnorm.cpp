#include "engine/layers/batchnorm.h"

#include <algorithm>

namespace shadenet {

constexpr std::uint32_t values_per_channel = 3;  // count, mean, centred second moment
constexpr std::uint32_t gradient_sums = 2;       // dgamma and dbeta

std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const BatchNorm& layer) {
    return std::make_unique<BatchNormKernels>(context, layer);
}

BatchNormKernels::BatchNormKernels(const LayerContext& context, const BatchNorm& layer)
    : reducer_(context.reducer),
      layer_(layer),
      gamma_(context.parameters.values(layer.name + ".weight")),
      beta_(context.parameters.values(layer.name + ".bias")),
      dgamma_(context.parameters.gradient(layer.name + ".weight")),
      dbeta_(context.parameters.gradient(layer.name + ".bias")),
      moving_mean_(context.parameters.values(layer.name + ".running_mean")),
      moving_variance_(context.parameters.values(layer.name + ".running_var")),
      batch_mean_(context.parameters.batch_statistic(layer.name + ".running_mean")),
      batch_variance_(context.parameters.batch_statistic(layer.name + ".running_var")),
      statistics_(context.device, push::STATISTIC_ROWS * layer.channels * sizeof(float),
                  layer.name + " statistics"),
      coefficients_(context.device, push::COEFFICIENT_ROWS * layer.channels * sizeof(float),
                    layer.name + " coefficients"),
      gradient_sums_(context.device, gradient_sums * layer.channels * sizeof(float),
                     layer.name + " gradient sums"),
      find_moments_(context.device, "batchnorm_statistics", rows_per_reduction, {"x", "partial"}),
      merge_(context.device, "batchnorm_merge", {"partial", "merged"}, {{"FINISH", 0}}),
      merge_finish_(context.device, "batchnorm_merge", {"partial", "merged"}, {{"FINISH", 1}}),
      move_(context.device, "batchnorm_moving", {"statistics", "moving_mean", "moving_variance"}),
      find_coefficients_(context.device, "batchnorm_coefficients",
                         {"statistics", "gamma", "beta", "coefficients"}),
      find_backward_coefficients_(context.device, "batchnorm_backward_coefficients",
                                  {"sums", "dgamma", "dbeta", "coefficients"}),
      normalize_(context.device, "batchnorm_normalize", rows_per_map, {"x", "coefficients", "y"}),
      backward_sums_(context.device, "batchnorm_backward_sums", rows_per_reduction,
                     {"x", "dy", "coefficients", "partial"}),
      backward_input_(context.device, "batchnorm_backward_input", rows_per_map,
                      {"x", "dy", "coefficients", "dx"}) {
    const Shape& x = context.largest_x;
    reducer_.reserve(std::uint64_t{x.n} * slots_per_image(x),
                     std::uint64_t{x.c} * std::max(values_per_channel, gradient_sums));
}

BufferRange BatchNormKernels::statistic(std::uint32_t row) const {
    const std::uint64_t bytes = layer_.channels * sizeof(float);
    return statistics_.range(row * bytes, bytes);
}

void BatchNormKernels::forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode mode) {
    if (mode != Mode::inference) find_statistics(recorder, x);
    if (mode == Mode::training) {
        move_(recorder,
              {{"statistics", statistics_.whole()},
               {"moving_mean", moving_mean_},
               {"moving_variance", moving_variance_}},
              {layer_.channels, layer_.decay, momentum_of(layer_.decay)}, {layer_.channels});
    } else {
        recorder.copy(moving_mean_, mean());
        recorder.copy(moving_variance_, variance());
    }
    find_coefficients_(recorder,
                       {{"statistics", statistics_.whole()},
                        {"gamma", gamma_},
                        {"beta", beta_},
                        {"coefficients", coefficients_.whole()}},
                       {.channels = layer_.channels, .epsilon = layer_.epsilon, .count = 0},
                       {layer_.channels});
    normalize_(recorder, {{"x", x}, {"y", y}}, {{"coefficients", coefficients_.whole()}});
}

void BatchNormKernels::find_statistics(Recorder& recorder, const TensorView& x) {
    const std::uint32_t rows = x.shape.n * slots_per_image(x.shape);
    const std::uint64_t floats = std::uint64_t{rows} * layer_.channels * values_per_channel;
    find_moments_(recorder, {{"x", x}}, {{"partial", reducer_.partials(floats)}});
    merge(recorder, rows);
    recorder.copy(mean(), batch_mean_);
    recorder.copy(variance(), batch_variance_);
}

void BatchNormKernels::merge(Recorder& recorder, std::uint32_t rows) {
    const std::uint64_t row_floats = layer_.channels * values_per_channel;
    for (int here = 0;; here = 1 - here) {
        const std::uint32_t groups = pieces_of(rows, Reducer::rows_per_sum);
        const bool last = groups == 1;
        const auto& kernel = last ? merge_finish_ : merge_;
        kernel(recorder,
               {{"partial", reducer_.stage(here, rows * row_floats)},
                {"merged", last ? statistics_.whole() : reducer_.stage(1 - here, groups * row_floats)}},
               {.rows = rows, .channels = layer_.channels, .per_group = Reducer::rows_per_sum},
               Reducer::stage_threads(layer_.channels, groups));
        if (last) return;
        rows = groups;
    }
}

void BatchNormKernels::find_parameter_gradients(Recorder& recorder, const TensorView& x, const TensorView& dy,
                                                Mode mode) {
    const std::uint32_t rows = x.shape.n * slots_per_image(x.shape);
    const std::uint32_t columns = gradient_sums * layer_.channels;
    backward_sums_(recorder, {{"x", x}, {"dy", dy}},
                   {{"coefficients", coefficients_.whole()},
                    {"partial", reducer_.partials(std::uint64_t{rows} * columns)}});
    reducer_.sum(recorder, 0, rows, columns, 1.0f, gradient_sums_.whole());
    const std::uint64_t count = x.shape.n * x.shape.plane();
    find_backward_coefficients_(recorder,
                                {{"sums", gradient_sums_.whole()},
                                 {"dgamma", dgamma_},
                                 {"dbeta", dbeta_},
                                 {"coefficients", coefficients_.whole()}},
                                {.channels = layer_.channels,
                                 .epsilon = layer_.epsilon,
                                 .count = mode == Mode::training ? static_cast<float>(count) : 0.0f},
                                {layer_.channels});
}

void BatchNormKernels::backward(Recorder& recorder, const TensorView& x, const TensorView&,
                                const TensorView& dy, const TensorView* dx, Mode mode) {
    find_parameter_gradients(recorder, x, dy, mode);
    if (dx == nullptr) return;
    backward_input_(recorder, {{"x", x}, {"dy", dy}, {"dx", *dx}}, {{"coefficients", coefficients_.whole()}});
}

}  // namespace shadenet
