#include "suite/affine_fit.h"

#include <algorithm>

#include <Eigen/Dense>

namespace shadenet {

namespace {

constexpr int radius = 2, side = 2 * radius + 1, features = 3 * side * side + 1;
constexpr double centre = 0.5;

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// [width][features] of the patches of a row of pixels.
Rows patches_of(const Image& picture, std::uint32_t row) {
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    Rows patches(width, features);
    for (int x = 0; x < width; ++x) {
        int feature = 0;
        for (std::uint32_t c = 0; c < 3; ++c) {
            for (int tap = 0; tap < side * side; ++tap) {
                const int y = std::clamp(static_cast<int>(row) + tap / side - radius, 0, height - 1);
                const int column = std::clamp(x + tap % side - radius, 0, width - 1);
                patches(x, feature++) =
                    picture.at(c, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(column)) - centre;
            }
        }
        patches(x, feature) = 1;
    }
    return patches;
}

}  // namespace

AffineFit::AffineFit() : products_(features * features), mixed_(features * 3), weights_(features * 3) {}

void AffineFit::add(const Image& input, const Image& target) {
    Eigen::Map<Rows> products(products_.data(), features, features), mixed(mixed_.data(), features, 3);
    Rows wanted(input.width, 3);
    for (std::uint32_t row = 0; row < input.height; ++row) {
        const Rows patches = patches_of(input, row);
        for (std::uint32_t x = 0; x < input.width; ++x) {
            for (std::uint32_t c = 0; c < 3; ++c) wanted(x, c) = target.at(c, row, x) - centre;
        }
        products.noalias() += patches.transpose() * patches;
        mixed.noalias() += patches.transpose() * wanted;
    }
}

void AffineFit::solve() {
    const Eigen::Map<Rows> products(products_.data(), features, features), mixed(mixed_.data(), features, 3);
    Eigen::CompleteOrthogonalDecomposition<Eigen::MatrixXd> solver;
    solver.setThreshold(1e-12);
    solver.compute(products);
    Eigen::Map<Rows>(weights_.data(), features, 3) = solver.solve(mixed);
}

Image AffineFit::apply(const Image& input) const {
    const Eigen::Map<const Rows> weights(weights_.data(), features, 3);
    Image result = input;
    for (std::uint32_t row = 0; row < input.height; ++row) {
        const Rows made = patches_of(input, row) * weights;
        for (std::uint32_t x = 0; x < input.width; ++x) {
            for (std::uint32_t c = 0; c < 3; ++c)
                result.at(c, row, x) = static_cast<float>(made(x, c) + centre);
        }
    }
    return result;
}

}  // namespace shadenet
