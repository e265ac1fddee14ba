#include "suite/best_filter.h"

#include <algorithm>
#include <cstdint>

#include <Eigen/Dense>

namespace shadenet {

namespace {

constexpr int radius = 2, side = 2 * radius + 1, patch = 3 * side * side, numbers = patch + 3;
/// Smaller squares keep more digits.
constexpr double centre = 0.5;

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// [width][columns] of a row of pixels: their patches, and columns that are still to be filled.
Rows patches_of(const Image& picture, std::uint32_t row, int columns) {
    const int width = static_cast<int>(picture.width), height = static_cast<int>(picture.height);
    Rows patches(width, columns);
    for (int x = 0; x < width; ++x) {
        int number = 0;
        for (std::uint32_t c = 0; c < 3; ++c) {
            for (int tap = 0; tap < side * side; ++tap) {
                const int y = std::clamp(static_cast<int>(row) + tap / side - radius, 0, height - 1);
                const int column = std::clamp(x + tap % side - radius, 0, width - 1);
                patches(x, number++) =
                    picture.at(c, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(column)) - centre;
            }
        }
    }
    return patches;
}

}  // namespace

BestFilter::BestFilter() : sum_(numbers), product_(numbers * numbers) {}

void BestFilter::add(const Image& input, const Image& target) {
    Eigen::Map<Rows> product(product_.data(), numbers, numbers);
    Eigen::Map<Eigen::RowVectorXd> sum(sum_.data(), numbers);
    for (std::uint32_t row = 0; row < input.height; ++row) {
        Rows all = patches_of(input, row, numbers);
        for (std::uint32_t x = 0; x < input.width; ++x) {
            for (std::uint32_t c = 0; c < 3; ++c) all(x, patch + c) = target.at(c, row, x) - centre;
        }
        product.noalias() += all.transpose() * all;
        sum += all.colwise().sum();
    }
    pixels_ += static_cast<double>(input.width) * input.height;
}

void BestFilter::solve() {
    fit_ = best_fit({pixels_, sum_, product_});
}

Image BestFilter::apply(const Image& input) const {
    const Eigen::Map<const Rows> weights(fit_.weight.data(), 3, patch);
    Image result = input;
    for (std::uint32_t row = 0; row < input.height; ++row) {
        const Rows made = patches_of(input, row, patch) * weights.transpose();
        for (std::uint32_t x = 0; x < input.width; ++x) {
            for (std::uint32_t c = 0; c < 3; ++c)
                result.at(c, row, x) = static_cast<float>(made(x, c) + fit_.bias[c] + centre);
        }
    }
    return result;
}

}  // namespace shadenet
