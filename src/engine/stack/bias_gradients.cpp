#include "engine/stack/bias_gradients.h"

namespace shadenet {

namespace {

constexpr std::uint32_t sums_into_norm = 3;  // of a channel

const ShareRows* rows_for_bias(StepRows* rows, const Shape& y, std::uint32_t parts) {
    if (rows == nullptr) return nullptr;
    return &rows->add(Merger::columns(Merger::Kind::sums, y.c, parts), "bias sums of shares");
}

}  // namespace

BiasGradient::BiasGradient(const Device& device, const BufferRange& dbias, const Shape& largest_y,
                           Scratch& scratch, StepRows* rows, std::uint32_t parts)
    : dbias_(in_quads(dbias)),
      channels_(largest_y.c),
      rows_(rows_for_bias(rows, largest_y, parts)),
      merger_(device, Merger::Kind::sums, largest_y, scratch, parts, rows_),
      finish_(device, "stack_bias_finish", {"partial", "dbias"}, {{"INTO_NORM", parts == sums_into_norm}},
              heavy_local_size(device)) {}

void BiasGradient::operator()(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                              std::uint32_t own) {
    merger_.add(recorder, partials, tiling, blocks_of(channels_), own);
    if (rows_ == nullptr) find(recorder, tiling.values());
}

void BiasGradient::finish(Recorder& recorder, std::uint64_t values) const {
    if (rows_ != nullptr) find(recorder, values);
}

void BiasGradient::find(Recorder& recorder, std::uint64_t values) const {
    const std::uint32_t blocks = blocks_of(channels_);
    const PartialRows rows = merger_.joined(recorder, blocks);
    finish_(recorder, {{"partial", rows.range}, {"dbias", dbias_}},
            {.rows = rows.rows, .blocks = blocks, .channels = channels_, .count = static_cast<float>(values)},
            {blocks});
}

BiasIntoNorm::BiasIntoNorm(const Device& device, const BufferRange& dbias, ActivationKind activation,
                           const Shape& largest_y, Scratch& scratch, StepRows* rows)
    : scratch_(scratch),
      gradient_(device, dbias, largest_y, scratch, rows, sums_into_norm),
      sums_(device, "stack_bias_sums", {"y", "dy", "partial"},
            {{"KIND", static_cast<std::uint32_t>(activation)}}, walk_local_size) {
    const PackedView y{nullptr, 0, largest_y};
    scratch_.reserve(Tiling::of_runs(y, push::PIXELS_PER_SUM_RUN).bytes(y.blocks(), sums_into_norm));
}

void BiasIntoNorm::operator()(Recorder& recorder, const PackedView& y, const PackedView& dy,
                              std::uint32_t own) {
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
    gradient_(recorder, partials, tiling, own);
}

}  // namespace shadenet
