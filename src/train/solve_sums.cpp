#include "train/solve_sums.h"

#include <algorithm>
#include <span>
#include <utility>

#include "base/error.h"
#include "data/picture_set.h"
#include "engine/tensors/moment_rows.h"
#include "group/rounds.h"
#include "group/share_sums.h"
#include "group/values.h"

namespace shadenet {

namespace {

/// Of a tile, whose values stand in the result from this row and column on.
double squared_differences(const std::vector<float>& result, const Shape& shape, std::size_t first_row,
                           std::size_t first_column, const std::vector<float>& target, std::size_t rows,
                           std::size_t columns) {
    double squares = 0;
    std::size_t at = 0;
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t y = 0; y < rows; ++y) {
            const float* from = &result[(c * shape.h + first_row + y) * shape.w + first_column];
            for (std::size_t x = 0; x < columns; ++x) {
                const double error = static_cast<double>(from[x]) - static_cast<double>(target[at++]);
                squares += error * error;
            }
        }
    }
    return squares;
}

}  // namespace

SolveSums::SolveSums(const Device& device, const SolveProblem& problem, const LastLayer& last,
                     const SolveOptions& options)
    : device_(device),
      problem_(problem),
      last_(last),
      options_(options),
      training_(problem.training),
      validation_(problem.validation != nullptr ? *problem.validation : problem.training),
      recorder_(device) {}

void SolveSums::on_all(const std::function<void()>& work) {
    if (!do_rounds(shares().group(), {.count = 1, .work = [&](std::uint32_t) { work(); }})) throw Stopped();
}

std::size_t SolveSums::rounds(const PictureSet& pairs, const std::vector<PairTile>& tiles) const {
    std::vector<std::size_t> of_ranks(shares().group().size());
    for (const PairTile& tile : tiles) ++of_ranks[pairs.shares().rank_of(tile.pair)];
    return std::ranges::max(of_ranks);
}

/// Does `work` with every tile of this rank's shares, one in a round: share after share, which are counted
/// from 0, so that a share's sums do not depend on the number of ranks.
void SolveSums::each_own(const PictureSet& pairs, const std::vector<PairTile>& tiles,
                         const std::function<void(std::size_t, const PairTile&)>& work) {
    const Shares& of_pairs = pairs.shares();
    std::vector<std::pair<std::size_t, PairTile>> own;
    for (std::uint32_t share = 0; share < of_pairs.own(); ++share) {
        for (const PairTile& tile : tiles) {
            if (of_pairs.of(tile.pair) == of_pairs.first() + share) own.emplace_back(share, tile);
        }
    }
    const auto goes_on = [&](std::uint32_t) {
        if (options_.stop != nullptr && *options_.stop) return false;
        if (options_.on_progress) {
            options_.on_progress(static_cast<std::uint32_t>(rounds_done_),
                                 static_cast<std::uint32_t>(all_rounds_));
        }
        ++rounds_done_;
        return true;
    };
    const auto work_on = [&](std::uint32_t round) {
        if (round < own.size()) work(own[round].first, own[round].second);
    };
    if (!do_rounds(
            of_pairs.group(),
            {.count = static_cast<std::uint32_t>(rounds(pairs, tiles)), .go_on = goes_on, .work = work_on}))
        throw Stopped();
}

std::vector<float> SolveSums::center(TileLayers& layers, std::uint32_t channels, std::uint32_t kernel,
                                     const PairTile& tile, bool targets) {
    std::vector<float> means(channels + 3);
    const bool is_own = shares().owns(tile.pair);
    on_all([&] {
        if (!is_own) return;
        FeatureGram gram(device_, channels, kernel, means);
        FeatureMoments moments = gram.none();
        gram.add(recorder_, features_of(layers, training_, tile, targets), moments);
        const std::vector<double> found = moments.means();
        means.assign(found.begin(), found.end());
    });
    const auto of_ranks = values_in<float>(shares().group().gather(std::as_bytes(std::span(means))));
    std::copy_n(&of_ranks[shares().rank_of(tile.pair) * means.size()], means.size(), means.begin());
    return means;
}

FeatureMoments SolveSums::moments(TileLayers& layers, std::uint32_t kernel, const std::vector<float>& center,
                                  const PictureSet& pairs, const std::vector<PairTile>& tiles, bool targets) {
    std::optional<FeatureGram> gram;
    on_all([&] { gram.emplace(device_, static_cast<std::uint32_t>(center.size() - 3), kernel, center); });
    ShareSum sum(pairs.shares());
    FeatureMoments of_share = gram->none();
    std::size_t finished = 0;
    const auto finish = [&](std::size_t before) {
        for (; finished < before; ++finished) sum.add(row_of(std::exchange(of_share, gram->none())));
    };
    each_own(pairs, tiles, [&](std::size_t share, const PairTile& tile) {
        finish(share);
        gram->add(recorder_, features_of(layers, reader_of(pairs), tile, targets), of_share);
    });
    finish(pairs.shares().own());
    FeatureMoments all = gram->none();
    take_row(all, sum.of_all());
    return all;
}

double SolveSums::squared_error(TileLayers& network, const PictureSet& pairs,
                                const std::vector<PairTile>& tiles) {
    std::vector<std::vector<double>> own(shares().own(), {0.0, 0.0});  // squares, and how many
    PairReader& reader = reader_of(pairs);
    each_own(pairs, tiles, [&](std::size_t share, const PairTile& tile) {
        const Image& input = reader.input(tile.pair);
        const TileWindow row = network.cut(input.height)[tile.row],
                         column = network.cut(input.width)[tile.column];
        network.run(recorder_, input, row, column);
        const TensorView result = network.planar(recorder_);
        recorder_.finish();
        own[share][0] += squared_differences(
            result.download(), result.shape, network.first_of(row), network.first_of(column),
            part_of(reader.target(tile.pair), row, column), row.count, column.count);
        own[share][1] += 3.0 * row.count * column.count;
    });
    ShareSum sum(pairs.shares());
    for (std::vector<double>& of_share : own) sum.add(std::move(of_share));
    const std::vector<double> all = sum.of_all();
    const double span = problem_.network.range.span();
    return all[0] / all[1] / (span * span);
}

PairReader& SolveSums::reader_of(const PictureSet& pairs) {
    return &pairs == &training_.pairs() ? training_ : validation_;
}

FeatureTile SolveSums::features_of(TileLayers& layers, PairReader& pairs, const PairTile& tile,
                                   bool targets) {
    const Image& input = pairs.input(tile.pair);
    const TileWindow row = layers.cut(input.height)[tile.row], column = layers.cut(input.width)[tile.column];
    FeatureTile features{.maps = layers.run(recorder_, input, row, column),
                         .row = static_cast<std::int32_t>(layers.first_of(row)),
                         .column = static_cast<std::int32_t>(layers.first_of(column)),
                         .rows = row.count,
                         .columns = column.count,
                         .targets = {}};
    recorder_.finish();  // nothing is under way where what follows fails
    features.targets = targets ? targets_of(pairs, tile.pair, row, column)
                               : std::vector<float>(std::size_t{3} * row.count * column.count);
    return features;
}

/// What the convolution is to make of a tile, in the network's range.
std::vector<float> SolveSums::targets_of(PairReader& pairs, std::uint32_t pair, const TileWindow& row,
                                         const TileWindow& column) const {
    std::vector<float> targets = part_of(pairs.target(pair), row, column);
    if (!last_.adds_input) return targets;
    const std::vector<float> added = part_of(pairs.input(pair), row, column);
    for (std::size_t i = 0; i < targets.size(); ++i) targets[i] -= added[i];
    return targets;
}

std::vector<float> SolveSums::part_of(const Image& picture, const TileWindow& row,
                                      const TileWindow& column) const {
    std::vector<float> values;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = row.write; y < row.write + row.count; ++y) {
            const auto first = picture.values.begin() +
                               (c * std::ptrdiff_t{picture.height} + y) * std::ptrdiff_t{picture.width};
            values.insert(values.end(), first + column.write, first + column.write + column.count);
        }
    }
    problem_.network.range.bring_into(values);
    return values;
}

}  // namespace shadenet
