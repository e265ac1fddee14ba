#include "engine/stack/norm_passes.h"

#include <algorithm>

#include "coefficients.h"
#include "engine/learning/decay_numbers.h"

namespace shadenet {

namespace {

/// The range that a kernel is given for vectors that it takes as vec4s: zeros follow their last value.
std::uint64_t end_of_quads(const BufferRange& vector) {
    return vector.offset + pieces_of(vector.size, quad_bytes) * quad_bytes;
}

std::uint32_t quads_between(std::uint64_t from, std::uint64_t to) {
    return static_cast<std::uint32_t>((to - from) / quad_bytes);
}

std::vector<Constant> finish_constants(bool of_tiles) {
    return {{"OF_TILES", of_tiles}};
}

}  // namespace

NormPasses::Pair NormPasses::pair_of(const BufferRange& first, const BufferRange& second) {
    const std::uint64_t begin = std::min(first.offset, second.offset);
    const std::uint64_t end = std::max(end_of_quads(first), end_of_quads(second));
    return {first.buffer->range(begin, end - begin), quads_between(begin, first.offset),
            quads_between(begin, second.offset)};
}

NormPasses::NormPasses(const Device& device, const ParameterBuffers& parameters, const BatchNorm& layer,
                       const Shape& largest_x, Scratch& scratch)
    : layer_(layer),
      gamma_beta_(
          pair_of(parameters.values(layer.name + ".weight"), parameters.values(layer.name + ".bias"))),
      dgamma_dbeta_(
          pair_of(parameters.gradient(layer.name + ".weight"), parameters.gradient(layer.name + ".bias"))),
      statistics_(parameters.all_statistics()),
      moving_mean_(quads_between(0, parameters.values(layer.name + ".running_mean").offset)),
      moving_variance_(quads_between(0, parameters.values(layer.name + ".running_var").offset)),
      batch_mean_(quads_between(0, parameters.batch_statistic(layer.name + ".running_mean").offset)),
      batch_variance_(quads_between(0, parameters.batch_statistic(layer.name + ".running_var").offset)),
      coefficients_(device, std::uint64_t{blocks_of(layer.channels)} * push::COEFFICIENT_QUADS * quad_bytes,
                    layer.name + " coefficients"),
      decay_(device, sizeof(push::DecayNumbers), layer.name + " decay"),
      moments_(device, Merger::Kind::moments, largest_x, scratch),
      sums_(device, Merger::Kind::sums, largest_x, scratch),
      from_tiles_(device, "stack_norm_batch",
                  {"partial", "parameters", "statistics", "coefficients", "decay"}, finish_constants(true),
                  heavy_local_size(device)),
      from_merged_(device, "stack_norm_batch",
                   {"partial", "parameters", "statistics", "coefficients", "decay"}, finish_constants(false),
                   heavy_local_size(device)),
      from_moving_(device, "stack_norm_moving", {"parameters", "statistics", "coefficients"}, {},
                   heavy_local_size(device)),
      find_gradients_(device, "stack_norm_gradients", {"partial", "gradients", "coefficients"}, {},
                      heavy_local_size(device)) {
    const push::DecayNumbers numbers = decay_numbers(layer.decay);
    decay_.upload(std::span(&numbers, 1));
}

void NormPasses::set_decay(Recorder& recorder, float decay) {
    if (decay == layer_.decay) return;
    layer_.decay = decay;
    recorder.write(decay_, decay_numbers(decay));
}

void NormPasses::use_batch(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                           Mode mode) const {
    const std::uint32_t blocks = blocks_of(layer_.channels);
    const PartialRows rows = moments_.merge(recorder, partials, tiling, blocks);
    (rows.of_tiles ? from_tiles_ : from_merged_)(recorder,
                                                 {{"partial", rows.range},
                                                  {"parameters", gamma_beta_.range},
                                                  {"statistics", statistics_},
                                                  {"coefficients", coefficients_.whole()},
                                                  {"decay", decay_.whole()}},
                                                 {.tiles = tiling.push(),
                                                  .rows = rows.rows,
                                                  .blocks = blocks,
                                                  .channels = layer_.channels,
                                                  .gamma = gamma_beta_.first,
                                                  .beta = gamma_beta_.second,
                                                  .moving_mean = moving_mean_,
                                                  .moving_variance = moving_variance_,
                                                  .batch_mean = batch_mean_,
                                                  .batch_variance = batch_variance_,
                                                  .training = mode == Mode::training,
                                                  .count = static_cast<float>(tiling.values()),
                                                  .epsilon = layer_.epsilon},
                                                 {blocks});
}

void NormPasses::use_moving(Recorder& recorder) const {
    const std::uint32_t blocks = blocks_of(layer_.channels);
    from_moving_(recorder,
                 {{"parameters", gamma_beta_.range},
                  {"statistics", statistics_},
                  {"coefficients", coefficients_.whole()}},
                 {.blocks = blocks,
                  .channels = layer_.channels,
                  .gamma = gamma_beta_.first,
                  .beta = gamma_beta_.second,
                  .moving_mean = moving_mean_,
                  .moving_variance = moving_variance_,
                  .epsilon = layer_.epsilon},
                 {blocks});
}

void NormPasses::gradients(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                           Mode mode) const {
    const std::uint32_t blocks = blocks_of(layer_.channels);
    const PartialRows rows = sums_.merge(recorder, partials, tiling, blocks);
    find_gradients_(recorder,
                    {{"partial", rows.range},
                     {"gradients", dgamma_dbeta_.range},
                     {"coefficients", coefficients_.whole()}},
                    {.rows = rows.rows,
                     .blocks = blocks,
                     .channels = layer_.channels,
                     .dgamma = dgamma_dbeta_.first,
                     .dbeta = dgamma_dbeta_.second,
                     .count = mode == Mode::training ? static_cast<float>(tiling.values()) : 0.0f},
                    {blocks});
}

}  // namespace shadenet
