#include "engine/layers/bias_through_activation.h"

#include "engine/tensors/planes.h"

namespace shadenet {

namespace {

constexpr std::uint32_t sums_per_channel = 3;

}  // namespace

BiasThroughActivation::BiasThroughActivation(const LayerContext& context, const Conv& conv,
                                             const Activation& activation)
    : device_(context.device),
      reducer_(context.reducer),
      dbias_(context.parameters.gradient(conv.name + ".bias")),
      sums_(device_, sums_per_channel * conv.out_channels * sizeof(float), conv.name + " bias sums"),
      partial_(device_, "bias_through_activation", {"y", "dx", "partial"},
               {{"KIND", static_cast<std::uint32_t>(activation.kind)}}),
      finish_(device_, "bias_through_activation_finish", {"sums", "dbias"}) {
    const Shape& y = context.largest_x;
    reducer_.reserve(std::uint64_t{y.n} * slots_per_image(y), y.c * sums_per_channel);
}

void BiasThroughActivation::backward(Recorder& recorder, const TensorView& y, const TensorView& dy) {
    const std::uint32_t rows = y.shape.n * slots_per_image(y.shape);
    const std::uint32_t columns = sums_per_channel * y.shape.c;
    for (const ImageChunk chunk : plane_chunks(device_, y)) {
        const TensorView part = y.images(chunk.first, chunk.count);
        partial_(recorder,
                 {{"y", part.range()},
                  {"dx", dy.images(chunk.first, chunk.count).range()},
                  {"partial", reducer_.partials(std::uint64_t{rows} * columns)}},
                 planes_push(part, rows_per_reduction, chunk.first),
                 plane_threads(part.shape, rows_per_reduction));
    }
    reducer_.sum(recorder, 0, rows, columns, 1.0f, sums_.whole());
    finish_(recorder, {{"sums", sums_.whole()}, {"dbias", dbias_}},
            {.channels = y.shape.c, .count = static_cast<float>(y.shape.n * y.shape.plane())}, {y.shape.c});
}

}  // namespace shadenet
