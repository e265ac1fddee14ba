#include "engine/layers/bias_through_activation.h"

namespace shadenet {

constexpr std::uint32_t bias_sums = 3;  // of a channel

BiasThroughActivation::BiasThroughActivation(const LayerContext& context, const Conv& conv,
                                             const Activation& activation)
    : reducer_(context.reducer),
      dbias_(context.parameters.gradient(conv.name + ".bias")),
      sums_(context.device, bias_sums * conv.out_channels * sizeof(float), conv.name + " bias sums"),
      partial_(context.device, "bias_through_activation", rows_per_reduction, {"y", "dx", "partial"},
               {{"KIND", static_cast<std::uint32_t>(activation.kind)}}),
      finish_(context.device, "bias_through_activation_finish", {"sums", "dbias"}) {
    const Shape& y = context.largest_x;
    reducer_.reserve(std::uint64_t{y.n} * slots_per_image(y), y.c * bias_sums);
}

void BiasThroughActivation::backward(Recorder& recorder, const TensorView& y, const TensorView& dy) {
    const std::uint32_t rows = y.shape.n * slots_per_image(y.shape), columns = bias_sums * y.shape.c;
    partial_(recorder, {{"y", y}, {"dx", dy}},
             {{"partial", reducer_.partials(std::uint64_t{rows} * columns)}});
    reducer_.sum(recorder, 0, rows, columns, 1.0f, sums_.whole());
    finish_(recorder, {{"sums", sums_.whole()}, {"dbias", dbias_}},
            {.channels = y.shape.c, .count = static_cast<float>(y.shape.n * y.shape.plane())}, {y.shape.c});
}

}  // namespace shadenet
