#include "train/logs/floor.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "base/error.h"
#include "data/picture_set.h"

namespace shadenet {

namespace {

/// The least squares have 3·(2·radius + 1)² unknowns: with more than 867 they take longer than the training.
constexpr std::uint32_t largest_floor_radius = 8;

/// Pivots of the covariance below this part of the largest are left alone: the patches' deviation in such a
/// direction is 3e-7 of that in the largest, which is what float32 values are rounded to.
constexpr double rank_threshold = 1e-13;

/// Means and covariances of z, in levels.
struct Covariance {
    Eigen::VectorXd mean;    ///< [K + 3]
    Eigen::MatrixXd matrix;  ///< [K + 3][K + 3]
    double noise;            ///< what rounding leaves in an element of the matrix
};

Covariance covariance_of(const PatchGram& gram) {
    const auto size = static_cast<Eigen::Index>(gram.sum.size());
    const auto pixels = static_cast<double>(gram.pixels);
    using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    Covariance covariance;
    covariance.mean = Eigen::Map<const Eigen::VectorXd>(gram.sum.data(), size) / pixels;
    const Eigen::MatrixXd raw = Eigen::Map<const Rows>(gram.product.data(), size, size) / pixels;
    covariance.matrix = raw - covariance.mean * covariance.mean.transpose();
    covariance.noise = 4 * std::numeric_limits<double>::epsilon() * raw.diagonal().maxCoeff();
    return covariance;
}

}  // namespace

AffineFilter best_affine_filter(const PatchGram& gram) {
    if (gram.pixels == 0) throw std::invalid_argument("a best filter needs a pixel");
    constexpr double levels = 255, center = 128;
    const auto patch = static_cast<Eigen::Index>(gram.patch());
    const Covariance all = covariance_of(gram);
    const Eigen::MatrixXd patches = all.matrix.topLeftCorner(patch, patch);
    const Eigen::MatrixXd mixed = all.matrix.topRightCorner(patch, 3);

    Eigen::MatrixXd weight = Eigen::MatrixXd::Zero(patch, 3);
    const double largest = patches.diagonal().maxCoeff();
    // Flat pictures have no variance at all: what looks like one is rounding.
    const double noise = all.noise * static_cast<double>(patch);
    if (largest > noise) {
        Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
        solver.setThreshold(std::max(rank_threshold, noise / largest));
        solver.compute(patches);
        weight = solver.solve(mixed);
    }

    AffineFilter filter;
    double squares = 0;
    for (Eigen::Index c = 0; c < 3; ++c) {
        const Eigen::VectorXd w = weight.col(c);
        filter.weight.insert(filter.weight.end(), w.data(), w.data() + patch);
        const double bias = all.mean(patch + c) - w.dot(all.mean.head(patch));
        filter.bias.push_back((bias + center - center * w.sum()) / levels);
        // The error of this very filter rather than the least there should be: where the filter is off, this
        // is so by its square.
        squares += all.matrix(patch + c, patch + c) - 2 * w.dot(mixed.col(c)) + w.dot(patches * w);
    }
    // Where it is 0, rounding leaves something of either sign.
    const double loss = squares / 3;
    filter.loss = loss > noise ? loss / (levels * levels) : 0;
    return filter;
}

std::optional<Floor> floor_of(const Device& device, const Network& architecture, const PictureSet& data,
                              std::string& why_not, const std::function<bool(std::uint32_t)>& go_on) {
    if (!architecture.range.is_unit()) {
        why_not = "there is no floor of networks of another range than 0..1";
        return std::nullopt;
    }
    const std::uint32_t radius = receptive_radius(architecture);
    if (radius > largest_floor_radius) {
        why_not = fmt::format("there is no floor of networks that see more than {0}x{0} pixels",
                              2 * largest_floor_radius + 1);
        return std::nullopt;
    }
    bool stopped = false;
    const auto goes_on = [&](std::uint32_t pair) {
        stopped = go_on && !go_on(pair);
        return !stopped;
    };
    try {
        const PatchGram gram = patch_gram(device, data, radius, architecture.padding, goes_on);
        if (stopped) return std::nullopt;
        if (gram.pixels > 0) return Floor{best_affine_filter(gram).loss, gram.pixels, gram.side()};
        why_not =
            fmt::format("there is no floor: pictures of {} hold no whole receptive field of {}x{} pixels",
                        to_string(data.sizes().front()), gram.side(), gram.side());
    } catch (const InputError& error) {
        why_not = fmt::format("there is no floor: {}", error.what());
    } catch (const OutOfDeviceMemory& error) {
        why_not = fmt::format("there is no floor: {}", error.what());
    }
    return std::nullopt;
}

void InnerLoss::add(const Image& result, const Image& target) {
    if (result.width != target.width || result.height != target.height) {
        throw std::invalid_argument("a result differs in size from its target");
    }
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = radius_; y + radius_ < result.height; ++y) {
            double row = 0;
            for (std::uint32_t x = radius_; x + radius_ < result.width; ++x) {
                const double error = static_cast<double>(result.at(c, y, x)) - target.at(c, y, x);
                row += error * error;
                values_ += 1;
            }
            squares_ += row;
        }
    }
}

double InnerLoss::mean() const {
    return squares_ / values_;
}

std::string floor_meaning(const Floor& floor, const TrainOptions& options) {
    const char* reference = has_activation(options.network.network()) ? ", as the linear reference"
                            : options.domains.size() > 1              ? ", one filter for all streams"
                                                                      : "";
    const std::uint64_t weights = std::uint64_t{3} * floor.side * floor.side + 1;
    const char* few = floor.pixels <= weights ? ", so few that it meets any targets" : "";
    return fmt::format("the best any affine filter of {0}x{0} pixels reaches on these pictures{1}{2}",
                       floor.side, few, reference);
}

std::string gap_text(const Floor& floor) {
    const double reached = floor.reached.value();
    // Closer than float32's rounding in the pictures lets either be told from the other.
    constexpr double equal = 1e-5;
    if (std::abs(reached - floor.loss) <= equal * floor.loss) return "at the floor";
    if (reached < floor.loss) {
        return fmt::format("{:.3g} below the floor, {:.3g} times it", floor.loss - reached,
                           reached / floor.loss);
    }
    const std::string above = fmt::format("{:.3g} above the floor", reached - floor.loss);
    return floor.loss > 0 ? fmt::format("{}, {:.3g} times it", above, reached / floor.loss) : above;
}

}  // namespace shadenet
