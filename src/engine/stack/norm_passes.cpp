#include "engine/stack/norm_passes.h"

#include <algorithm>
#include <optional>
#include <utility>

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

std::optional<ShareRows> rows_of_shares(const Device& device, const Shares& shares, Merger::Kind kind,
                                        const BatchNorm& layer, const char* what) {
    if (shares.count() == 1) return {};
    return std::optional<ShareRows>(std::in_place, device, shares, Merger::columns(kind, layer.channels),
                                    layer.name + what);
}

const ShareRows* if_any(const std::optional<ShareRows>& rows) {
    return rows ? &*rows : nullptr;
}

}  // namespace

NormPasses::Pair NormPasses::pair_of(const BufferRange& first, const BufferRange& second) {
    const std::uint64_t begin = std::min(first.offset, second.offset);
    const std::uint64_t end = std::max(end_of_quads(first), end_of_quads(second));
    return {first.buffer->range(begin, end - begin), quads_between(begin, first.offset),
            quads_between(begin, second.offset)};
}

NormPasses::NormPasses(const Device& device, const ParameterBuffers& parameters, const BatchNorm& layer,
                       const Shape& largest_x, Scratch& scratch, const Shares& shares)
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
      moment_rows_(rows_of_shares(device, shares, Merger::Kind::moments, layer, " moments of shares")),
      sum_rows_(rows_of_shares(device, shares, Merger::Kind::sums, layer, " sums of shares")),
      moments_(device, Merger::Kind::moments, largest_x, scratch, 2, if_any(moment_rows_)),
      sums_(device, Merger::Kind::sums, largest_x, scratch, 2, if_any(sum_rows_)),
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

void NormPasses::add_moments(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                             std::uint32_t own) {
    moments_.add(recorder, partials, tiling, blocks_of(layer_.channels), own);
}

void NormPasses::add_sums(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                          std::uint32_t own) {
    sums_.add(recorder, partials, tiling, blocks_of(layer_.channels), own);
}

void NormPasses::add_nothing(Recorder& recorder, std::uint32_t own) const {
    moments_.add_nothing(recorder, own);
    sums_.add_nothing(recorder, own);
}

void NormPasses::use_batch(Recorder& recorder, std::uint64_t values, Mode mode) const {
    const std::uint32_t blocks = blocks_of(layer_.channels);
    if (moment_rows_) moment_rows_->exchange(recorder);
    const PartialRows rows = moments_.joined(recorder, blocks);
    (rows.of_tiles ? from_tiles_ : from_merged_)(recorder,
                                                 {{"partial", rows.range},
                                                  {"parameters", gamma_beta_.range},
                                                  {"statistics", statistics_},
                                                  {"coefficients", coefficients_.whole()},
                                                  {"decay", decay_.whole()}},
                                                 {.tiles = rows.tiles,
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
                                                  .count = static_cast<float>(values),
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

void NormPasses::gradients(Recorder& recorder, std::uint64_t values, Mode mode) const {
    const std::uint32_t blocks = blocks_of(layer_.channels);
    if (sum_rows_) sum_rows_->exchange(recorder);
    const PartialRows rows = sums_.joined(recorder, blocks);
    find_gradients_(recorder,
                    {{"partial", rows.range},
                     {"gradients", dgamma_dbeta_.range},
                     {"coefficients", coefficients_.whole()}},
                    {.rows = rows.rows,
                     .blocks = blocks,
                     .channels = layer_.channels,
                     .dgamma = dgamma_dbeta_.first,
                     .dbeta = dgamma_dbeta_.second,
                     .count = mode == Mode::training ? static_cast<float>(values) : 0.0f},
                    {blocks});
}

}  // namespace shadenet
