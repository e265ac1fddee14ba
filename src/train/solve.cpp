#include "train/solve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/least_squares.h"
#include "data/picture_set.h"
#include "engine/stack/feature_gram.h"
#include "engine/stack/tile_layers.h"
#include "gpu/recorder.h"
#include "train/last_layer.h"
#include "train/solve_tiles.h"

namespace shadenet {

namespace {

/// How strongly the weights are held near those of training, from next to not at all: sums of products in
/// float32 have about that much noise relative to their variance, and weights that undo it would be large.
constexpr std::array ridges = {1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1};

bool all_numbers(const Parameters& parameters) {
    return std::ranges::all_of(parameters.tensors(),
                               [](const NamedTensor& tensor) { return all_finite(tensor.values); });
}

Network first_layers(const Network& network, std::size_t count) {
    Network first = network;
    first.layers.resize(count);
    return first;
}

std::vector<float> as_floats(const std::vector<double>& values) {
    return {values.begin(), values.end()};
}

/// The work, which is done in one go.
class Solver {
  public:
    Solver(const Device& device, const SolveProblem& problem, const LastLayer& last,
           const SolveOptions& options)
        : device_(device),
          problem_(problem),
          last_(last),
          options_(options),
          parameters_(problem.parameters),
          training_(problem.training),
          left_out_(problem.validation != nullptr ? *problem.validation : problem.training),
          recorder_(device),
          tile_(TileLayers(device, problem.network, parameters_, {}, solve_tile(problem.training)).tile()) {}

    /// Throws Stopped, and WorkError where numbers are too large.
    Solution solve() {
        choose_tiles();
        if (!problem_.frozen) measure_norms();
        TileLayers layers = features();
        const std::vector<float> center =
            center_of(layers, last_.conv.in_channels, last_.conv.kernel, tiles_.solved.front(), true);
        FeatureMoments found = moments(layers, last_.conv.kernel, center, training_, tiles_.solved, true);
        const FeatureMoments left_out =
            moments(layers, last_.conv.kernel, center, left_out_, tiles_.left_out, true);
        const double ridge = best_ridge(found, left_out);
        set_weights(found, ridge);
        Solution solution = judge();
        if (!solution.kept) return solution;
        if (problem_.validation == nullptr) {
            found.add(left_out);
            set_weights(found, ridge);
        }
        if (!all_numbers(parameters_)) throw WorkError("its numbers would not be finite");
        solution.parameters = std::move(parameters_);
        return solution;
    }

  private:
    void choose_tiles() {
        const TileLayers layers = features();
        const std::vector<PairTile> all = tiles_of(problem_.training, layers);
        if (problem_.validation != nullptr) {
            tiles_.solved = all;
            tiles_.left_out = tiles_of(*problem_.validation, layers, 4);
            tiles_.left = "the validation pictures";
        } else {
            tiles_ = divided(all);
        }
        if (tiles_.solved.empty() || tiles_.left_out.empty()) {
            throw WorkError("there are too few pixels to leave some out");
        }
        std::size_t norms = 0;
        for (std::size_t i = 0; i < last_.index; ++i) {
            norms += std::holds_alternative<BatchNorm>(problem_.network.layers[i]) ? 1 : 0;
        }
        if (problem_.frozen) norms = 0;
        all_steps_ = norms * all.size() + tiles_.solved.size() + 3 * tiles_.left_out.size();
    }

    TileLayers features() const {
        return {device_,
                first_layers(problem_.network, last_.index),
                parameters_,
                {.around = last_.conv.kernel / 2},
                tile_};
    }

    void step() {
        if (options_.stop != nullptr && *options_.stop) throw Stopped();
        if (options_.on_progress) {
            options_.on_progress(static_cast<std::uint32_t>(steps_), static_cast<std::uint32_t>(all_steps_));
        }
        ++steps_;
    }

    /// The means of a tile, which are near those of all.
    std::vector<float> center_of(TileLayers& layers, std::uint32_t channels, std::uint32_t kernel,
                                 const PairTile& tile, bool targets) {
        FeatureGram gram(device_, channels, kernel, std::vector<float>(channels + 3));
        FeatureMoments moments = gram.none();
        gram.add(recorder_, features_of(layers, training_, tile, targets), moments);
        return as_floats(moments.means());
    }

    /// The moments of the patches of the layers' result over some tiles.
    FeatureMoments moments(TileLayers& layers, std::uint32_t kernel, const std::vector<float>& center,
                           PairReader& pairs, const std::vector<PairTile>& tiles, bool targets) {
        FeatureGram gram(device_, static_cast<std::uint32_t>(center.size() - 3), kernel, center);
        FeatureMoments all = gram.none();
        for (const PairTile& tile : tiles) {
            step();
            gram.add(recorder_, features_of(layers, pairs, tile, targets), all);
        }
        return all;
    }

    FeatureTile features_of(TileLayers& layers, PairReader& pairs, const PairTile& tile, bool targets) {
        const Image& input = pairs.input(tile.pair);
        const TileWindow row = layers.cut(input.height)[tile.row],
                         column = layers.cut(input.width)[tile.column];
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
    std::vector<float> targets_of(PairReader& pairs, std::uint32_t pair, const TileWindow& row,
                                  const TileWindow& column) {
        std::vector<float> targets = part_of(pairs.target(pair), row, column);
        if (!last_.adds_input) return targets;
        const std::vector<float> added = part_of(pairs.input(pair), row, column);
        for (std::size_t i = 0; i < targets.size(); ++i) targets[i] -= added[i];
        return targets;
    }

    std::vector<float> part_of(const Image& picture, const TileWindow& row, const TileWindow& column) const {
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

    /// In their order, since a norm's statistics change what the next one reads.
    void measure_norms() {
        const std::vector<std::uint32_t> margins = point_margins(problem_.network);
        for (std::size_t i = 0; i < last_.index; ++i) {
            const auto* norm = std::get_if<BatchNorm>(&problem_.network.layers[i]);
            if (norm == nullptr) continue;
            TileLayers layers(device_, first_layers(problem_.network, i), parameters_, {.beyond = margins[i]},
                              tile_);
            const std::vector<PairTile> tiles = tiles_of(problem_.training, layers);
            const std::vector<float> center = center_of(layers, norm->channels, 1, tiles.front(), false);
            const FeatureMoments found = moments(layers, 1, center, training_, tiles, false);
            set_statistics(*norm, found);
        }
    }

    void set_statistics(const BatchNorm& norm, const FeatureMoments& found) {
        std::vector<float>& mean = parameters_.at(norm.name + ".running_mean").values;
        std::vector<float>& variance = parameters_.at(norm.name + ".running_var").values;
        const std::vector<double> means = found.means();
        const auto count = static_cast<double>(found.pixels);
        for (std::size_t c = 0; c < norm.channels; ++c) {
            const double apart = found.sum[c] / count;
            mean[c] = static_cast<float>(means[c]);
            variance[c] = static_cast<float>(
                std::max(0.0, found.product[c * found.size() + c] / count - apart * apart));
        }
    }

    /// What the end of the network computes of a patch less its center, as trained.
    AffineFit trained_fit(const FeatureMoments& found) const {
        AffineFit fit;
        const std::vector<float>& weight = problem_.parameters.at(last_.conv.name + ".weight").values;
        const std::size_t patch = found.patch();
        for (std::size_t c = 0; c < 3; ++c) {
            double factor = 1, bias = problem_.parameters.at(last_.conv.name + ".bias").values[c];
            if (last_.norm) {
                const auto value = [&](const char* name) {
                    return static_cast<double>(problem_.parameters.at(last_.norm->name + name).values[c]);
                };
                factor = value(".weight") / std::sqrt(value(".running_var") + last_.norm->epsilon);
                bias = (bias - value(".running_mean")) * factor + value(".bias");
            }
            for (std::size_t a = 0; a < patch; ++a) {
                fit.weight.push_back(factor * static_cast<double>(weight[c * patch + a]));
                bias += fit.weight.back() * found.center[a];
            }
            fit.bias.push_back(bias - found.center[patch + c]);
        }
        return fit;
    }

    /// The strength whose weights, from the moments of `solved`, do best on what is left out.
    double best_ridge(const FeatureMoments& solved, const FeatureMoments& left_out) const {
        const AffineFit trained = trained_fit(solved);
        double best = ridges.front(), least = std::numeric_limits<double>::infinity();
        for (const double ridge : ridges) {
            const double loss = loss_of_fit(sums_of(left_out), ridge_fit(sums_of(solved), ridge, trained));
            if (!(loss < least)) continue;
            least = loss;
            best = ridge;
        }
        return best;
    }

    static FitSums sums_of(const FeatureMoments& moments) {
        return {static_cast<double>(moments.pixels), moments.sum, moments.product};
    }

    /// From the moments of its patches.
    void set_weights(const FeatureMoments& found, double ridge) {
        const FitSums sums = sums_of(found);
        AffineFit fit = ridge_fit(sums, ridge, trained_fit(found));
        for (double& weight : fit.weight) weight = static_cast<double>(static_cast<float>(weight));
        parameters_.at(last_.conv.name + ".weight").values = as_floats(fit.weight);
        // The sums are about the centers; the layer's values are not.
        const std::size_t patch = found.patch();
        std::array<double, 3> shift{};
        for (std::size_t c = 0; c < 3; ++c) {
            shift[c] = found.center[patch + c];
            for (std::size_t a = 0; a < patch; ++a) shift[c] -= fit.weight[c * patch + a] * found.center[a];
            parameters_.at(last_.conv.name + ".bias").values[c] = static_cast<float>(fit.bias[c] + shift[c]);
        }
        if (last_.norm) set_last_norm(fitted_moments(sums, fit), found);
    }

    /// γ·(x − mean)/√(variance + ε) + β is then x.
    void set_last_norm(const std::vector<FitMoments>& fitted, const FeatureMoments& found) {
        const std::string& name = last_.norm->name;
        for (std::size_t c = 0; c < 3; ++c) {
            const auto mean = static_cast<float>(fitted[c].mean + found.center[found.patch() + c]);
            const auto variance = static_cast<float>(fitted[c].variance);
            parameters_.at(name + ".running_mean").values[c] = mean;
            parameters_.at(name + ".running_var").values[c] = variance;
            parameters_.at(name + ".bias").values[c] = mean;
            parameters_.at(name + ".weight").values[c] = std::sqrt(variance + last_.norm->epsilon);
        }
    }

    Solution judge() {
        Solution solution{.trained = loss_of(problem_.parameters),
                          .solved = loss_of(parameters_),
                          .left = tiles_.left,
                          .kept = false,
                          .parameters = problem_.parameters};
        solution.kept = solution.solved < solution.trained;
        return solution;
    }

    /// On the tiles that are left out.
    double loss_of(const Parameters& parameters) {
        TileLayers network(device_, problem_.network, parameters, {}, tile_);
        double squares = 0, values = 0;
        for (const PairTile& tile : tiles_.left_out) {
            step();
            const Image& input = left_out_.input(tile.pair);
            const TileWindow row = network.cut(input.height)[tile.row],
                             column = network.cut(input.width)[tile.column];
            network.run(recorder_, input, row, column);
            const TensorView result = network.planar(recorder_);
            recorder_.finish();
            squares += squared_errors(
                result.download(), result.shape, network.first_of(row), network.first_of(column),
                part_of(left_out_.target(tile.pair), row, column), row.count, column.count);
            values += 3.0 * row.count * column.count;
        }
        const double span = problem_.network.range.span();
        return squares / values / (span * span);
    }

    static double squared_errors(const std::vector<float>& result, const Shape& shape, std::size_t first_row,
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

    const Device& device_;
    const SolveProblem& problem_;
    const LastLayer& last_;
    const SolveOptions& options_;
    Parameters parameters_;  ///< as they become
    PairReader training_, left_out_;
    Recorder recorder_;
    std::uint32_t tile_;
    SolveTiles tiles_;
    std::size_t steps_ = 0, all_steps_ = 0;
};

}  // namespace

std::optional<Solution> solve_last_layer(const Device& device, const SolveProblem& problem,
                                         std::string& why_not, const SolveOptions& options) {
    const std::optional<LastLayer> last = last_layer(problem.network, why_not);
    if (!last) return {};
    if (!all_numbers(problem.parameters)) {
        why_not = "its numbers are not finite";
        return {};
    }
    try {
        return Solver(device, problem, *last, options).solve();
    } catch (const Stopped&) {
        why_not.clear();
    } catch (const DeviceLost&) {
        throw;
    } catch (const InputError& error) {
        why_not = error.what();
    } catch (const WorkError& error) {
        why_not = error.what();
    }
    return {};
}

std::string solution_text(const Solution& solution) {
    return fmt::format("{:.6g} in place of {:.6g} on {}", solution.solved, solution.trained, solution.left);
}

std::string solved_line(const std::string& solution_text) {
    return "the last layer: " + solution_text;
}

std::string solved_line(const Solution& solution) {
    const std::string text = solution_text(solution);
    return solution.kept
               ? solved_line(text)
               : fmt::format("the last layer stays as trained, which is better: it would be {}", text);
}

}  // namespace shadenet
