#include "engine/stack/bias_gradients.h"

namespace shadenet {

namespace {

constexpr std::uint32_t sums_into_norm = 3;  // of a channel

}  // namespace

BiasGradient::BiasGradient(const Device& device, const BufferRange& dbias, const Shape& largest_y,
                           Scratch& scratch)
    : dbias_(in_quads(dbias)),
      channels_(largest_y.c),
      merger_(device, Merger::Kind::sums, largest_y, scratch),
      finish_(device, "stack_bias_finish", {"partial", "dbias"}, {{"INTO_NORM", 0}},
              heavy_local_size(device)) {}

void BiasGradient::operator()(Recorder& recorder, const BufferRange& partials, const Tiling& tiling) const {
    const std::uint32_t blocks = blocks_of(channels_);
    const PartialRows rows = merger_.merge(recorder, partials, tiling, blocks);
    finish_(recorder, {{"partial", rows.range}, {"dbias", dbias_}},
            {.rows = rows.rows,
             .blocks = blocks,
             .channels = channels_,
             .count = static_cast<float>(tiling.values())},
            {blocks});
}

BiasIntoNorm::BiasIntoNorm(const Device& device, const BufferRange& dbias, ActivationKind activation,
                           const Shape& largest_y, Scratch& scratch)
    : dbias_(in_quads(dbias)),
      scratch_(scratch),
      merger_(device, Merger::Kind::sums, largest_y, scratch, sums_into_norm),
      sums_(device, "stack_bias_sums", {"y", "dy", "partial"},
            {{"KIND", static_cast<std::uint32_t>(activation)}}, walk_local_size),
      finish_(device, "stack_bias_finish", {"partial", "dbias"}, {{"INTO_NORM", 1}},
              heavy_local_size(device)) {
    const PackedView y{nullptr, 0, largest_y};
    scratch_.reserve(Tiling::of_runs(y, push::PIXELS_PER_SUM_RUN).bytes(y.blocks(), sums_into_norm));
}

void BiasIntoNorm::operator()(Recorder& recorder, const PackedView& y, const PackedView& dy) const {
    const Tiling tiling = Tiling::of_runs(y, push::PIXELS_PER_SUM_RUN);
    const BufferRange partials = scratch_.range(tiling.bytes(y.blocks(), sums_into_norm));
    for (const QuadCall& call : quad_calls(recorder.device(), y, push::PIXELS_PER_SUM_RUN)) {
        const ImageChunk& images = call.images;
        sums_(recorder,
              {{"y", y.images(images.first, images.count).range()},
               {"dy", dy.images(images.first, images.count).range()},
               {"partial", partials}},
              {call.walk}, {call.walk.threads});
    }
    const PartialRows rows = merger_.merge(recorder, partials, tiling, y.blocks());
    finish_(recorder, {{"partial", rows.range}, {"dbias", dbias_}},
            {.rows = rows.rows,
             .blocks = y.blocks(),
             .channels = y.shape.c,
             .count = static_cast<float>(tiling.values())},
            {y.blocks()});
}

}  // namespace shadenet
