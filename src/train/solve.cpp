#include "train/solve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/least_squares.h"
#include "data/picture_set.h"
#include "engine/stack/feature_gram.h"
#include "engine/stack/tile_layers.h"
#include "group/values.h"
#include "train/last_layer.h"
#include "train/solve_sums.h"
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
          parameters_(problem.parameters),
          left_out_(problem.validation != nullptr ? *problem.validation : problem.training),
          sums_(device, problem, last, options) {}

    /// Throws Stopped, and WorkError where numbers are too large.
    Solution solve() {
        agree_on_tile();
        sums_.on_all([&] { choose_tiles(); });
        if (!problem_.frozen) measure_norms();
        std::optional<TileLayers> layers;
        sums_.on_all([&] { layers.emplace(features()); });
        const std::uint32_t kernel = last_.conv.kernel;
        const std::vector<float> center =
            sums_.center(*layers, last_.conv.in_channels, kernel, tiles_.solved.front(), true);
        FeatureMoments found = sums_.moments(*layers, kernel, center, problem_.training, tiles_.solved, true);
        const FeatureMoments left_out =
            sums_.moments(*layers, kernel, center, left_out_, tiles_.left_out, true);
        double ridge = 0;
        set_values([&] {
            ridge = best_ridge(found, left_out);
            set_weights(found, ridge);
        });
        Solution solution = judge();
        if (!solution.kept) return solution;
        if (problem_.validation == nullptr) {
            found.add(left_out);
            set_values([&] { set_weights(found, ridge); });
        }
        if (!all_numbers(parameters_)) throw WorkError("its numbers would not be finite");
        solution.parameters = std::move(parameters_);
        return solution;
    }

  private:
    /// The largest that all devices take.
    void agree_on_tile() {
        sums_.on_all([&] {
            tile_ =
                TileLayers(device_, problem_.network, parameters_, {}, solve_tile(problem_.training)).tile();
        });
        const auto of_ranks = group().gather(std::as_bytes(std::span(&tile_, 1)));
        tile_ = std::ranges::min(values_in<std::uint32_t>(of_ranks));
    }

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
        sums_.expect(norms * sums_.rounds(problem_.training, all) +
                     sums_.rounds(problem_.training, tiles_.solved) +
                     3 * sums_.rounds(left_out_, tiles_.left_out));
    }

    TileLayers features() const { return layers_before(last_.index, {.around = last_.conv.kernel / 2}); }

    TileLayers layers_before(std::size_t layer, const TileMargins& margins) const {
        return {device_, first_layers(problem_.network, layer), parameters_, margins, tile_};
    }

    /// In their order, since a norm's statistics change what the next one reads.
    void measure_norms() {
        const std::vector<std::uint32_t> margins = point_margins(problem_.network);
        for (std::size_t i = 0; i < last_.index; ++i) {
            const auto* norm = std::get_if<BatchNorm>(&problem_.network.layers[i]);
            if (norm == nullptr) continue;
            std::optional<TileLayers> layers;
            sums_.on_all([&] { layers.emplace(layers_before(i, {.beyond = margins[i]})); });
            const std::vector<PairTile> tiles = tiles_of(problem_.training, *layers);
            const std::vector<float> center = sums_.center(*layers, norm->channels, 1, tiles.front(), false);
            const FeatureMoments found = sums_.moments(*layers, 1, center, problem_.training, tiles, false);
            set_values([&] { set_statistics(*norm, found); });
        }
    }

    /// Rank 0 does it, and all have its values then.
    void set_values(const std::function<void()>& set) {
        sums_.on_all([&] {
            if (group().leads()) set();
        });
        broadcast_values(group(), parameters_.places());
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
        std::optional<TileLayers> network;
        sums_.on_all([&] { network.emplace(device_, problem_.network, parameters, TileMargins(), tile_); });
        return sums_.squared_error(*network, left_out_, tiles_.left_out);
    }

    Group& group() const { return sums_.shares().group(); }

    const Device& device_;
    const SolveProblem& problem_;
    const LastLayer& last_;
    Parameters parameters_;  ///< as they become
    const PictureSet& left_out_;
    SolveSums sums_;
    std::uint32_t tile_ = 0;
    SolveTiles tiles_;
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
