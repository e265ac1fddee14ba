#include "pairs/pair_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <Eigen/Dense>

namespace shadenet {

namespace {

constexpr std::size_t most_pixels = 8192;
constexpr std::uint32_t reach = 2;
/// Of the parts whose means are fitted: their side, and the most beside each other.
constexpr std::int64_t mean_side = 16, most_means = 16;
/// Of the largest diagonal element: what is that small in the moments is rounding of 8-bit values.
constexpr double ridge = 1e-9;

using Row = std::array<float, FitTerms::rows>;
using Rows = std::vector<Row>;

/// The pixels that are looked at: rows and columns of them.
struct Samples {
    std::int64_t left, top, right, bottom;  ///< of the input's pixels that have a target and surroundings
    std::int64_t step;
};

Samples samples_of(const Image& input, std::int64_t dx, std::int64_t dy) {
    Samples samples{};
    samples.left = std::max<std::int64_t>(reach, -dx);
    samples.top = std::max<std::int64_t>(reach, -dy);
    samples.right = input.width - std::max<std::int64_t>(reach, dx);
    samples.bottom = input.height - std::max<std::int64_t>(reach, dy);
    const double pixels = static_cast<double>(std::max<std::int64_t>(0, samples.right - samples.left)) *
                          static_cast<double>(std::max<std::int64_t>(0, samples.bottom - samples.top));
    samples.step = std::max<std::int64_t>(1, std::lround(std::ceil(std::sqrt(pixels / most_pixels))));
    return samples;
}

/// The mean of the square that reaches so far around a pixel.
float mean_around(const Image& image, std::uint32_t c, std::uint32_t y, std::uint32_t x, std::uint32_t far) {
    float sum = 0;
    for (std::uint32_t row = y - far; row <= y + far; ++row) {
        for (std::uint32_t column = x - far; column <= x + far; ++column) sum += image.at(c, row, column);
    }
    const auto width = static_cast<float>(2 * far + 1);
    return sum / (width * width);
}

/// All terms of the input's pixel (x, y) and, last, the three values of its target.
Row row_of(const Image& input, const Image& target, std::uint32_t y, std::uint32_t x, std::uint32_t target_y,
           std::uint32_t target_x) {
    Row row{};
    std::size_t i = 0;
    std::array<float, 3> colour{};
    for (std::uint32_t c = 0; c < 3; ++c) colour[c] = input.at(c, y, x) - 0.5f;
    row[i++] = 1;
    for (const float value : colour) row[i++] = value;
    for (const float value : colour) row[i++] = value * value;
    row[i++] = colour[0] * colour[1];
    row[i++] = colour[1] * colour[2];
    row[i++] = colour[2] * colour[0];
    for (const float value : colour) row[i++] = value * value * value;
    for (std::uint32_t c = 0; c < 3; ++c) {
        row[i++] = mean_around(input, c, y, x, 1) - input.at(c, y, x);
        row[i++] = mean_around(input, c, y, x, 2) - input.at(c, y, x);
    }
    const auto lightness = [&](std::uint32_t at_y, std::uint32_t at_x) {
        return (input.at(0, at_y, at_x) + 2 * input.at(1, at_y, at_x) + input.at(2, at_y, at_x)) / 4;
    };
    const float across = lightness(y, x + 1) - lightness(y, x - 1);
    const float along = lightness(y + 1, x) - lightness(y - 1, x);
    for (const float value : {across, along, std::abs(across) + std::abs(along)}) row[i++] = value;
    const float u = (static_cast<float>(x) + 0.5f) / static_cast<float>(input.width) - 0.5f;
    const float v = (static_cast<float>(y) + 0.5f) / static_cast<float>(input.height) - 0.5f;
    const float light = lightness(y, x), far = u * u + v * v;
    for (const float value : {u, v, far, far * far, u * light, v * light, far * light}) row[i++] = value;
    for (std::uint32_t c = 0; c < 3; ++c) row[i++] = target.at(c, target_y, target_x);
    return row;
}

Rows rows_of(const Image& input, const Image& target, std::int64_t dx, std::int64_t dy) {
    const Samples samples = samples_of(input, dx, dy);
    Rows rows;
    for (std::int64_t y = samples.top; y < samples.bottom; y += samples.step) {
        for (std::int64_t x = samples.left; x < samples.right; x += samples.step) {
            rows.push_back(row_of(input, target, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(x),
                                  static_cast<std::uint32_t>(y + dy), static_cast<std::uint32_t>(x + dx)));
        }
    }
    return rows;
}

/// Means of rows over a part.
Row mean_row(const Image& input, const Image& target, std::int64_t top, std::int64_t left, std::int64_t dx,
             std::int64_t dy) {
    Row mean{};
    for (std::int64_t y = top; y < top + mean_side; ++y) {
        for (std::int64_t x = left; x < left + mean_side; ++x) {
            const Row row =
                row_of(input, target, static_cast<std::uint32_t>(y), static_cast<std::uint32_t>(x),
                       static_cast<std::uint32_t>(y + dy), static_cast<std::uint32_t>(x + dx));
            for (std::size_t i = 0; i < row.size(); ++i) mean[i] += row[i] / (mean_side * mean_side);
        }
    }
    return mean;
}

PairMoments moments_of(const Rows& rows) {
    constexpr auto size = static_cast<Eigen::Index>(FitTerms::rows);
    using Sheet = Eigen::Matrix<float, Eigen::Dynamic, size, Eigen::RowMajor>;
    PairMoments moments;
    if (rows.empty()) return moments;
    const Eigen::Map<const Sheet> sheet(rows.front().data(), static_cast<Eigen::Index>(rows.size()), size);
    const Eigen::MatrixXd exact = sheet.cast<double>();
    const Eigen::MatrixXd products = exact.transpose() * exact;
    for (std::size_t i = 0; i < FitTerms::rows; ++i) {
        for (std::size_t j = i; j < FitTerms::rows; ++j) {
            moments.at(i, j) = products(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
        }
    }
    return moments;
}

float predicted(const FitWeights& weights, const Row& row, std::size_t colour) {
    double value = 0;
    for (std::size_t i = 0; i < weights.size(); ++i)
        value += weights[i][colour] * static_cast<double>(row[i]);
    return static_cast<float>(value);
}

/// Shares of values that clip at both bounds.
void find_clipped(const Rows& rows, PairFit& fit) {
    constexpr float level = 1.0f / 255, near_bound = 10 * level, room = 8 * level;
    constexpr double explains = 0.8;
    // With slopes it would take flat ground in drawings of edges for clipped.
    const FitWeights weights = fit_of(fit.moments, FitTerms::without_slopes);
    if (error_of(weights, fit.moments) > (1 - explains) * fit.moments.target_variance()) return;
    std::size_t dark = 0, bright = 0;
    for (const Row& row : rows) {
        for (std::size_t c = 0; c < FitTerms::targets; ++c) {
            const float input = row[1 + c] + 0.5f, target = row[FitTerms::all + c];
            const bool had_room = input > room && input < 1 - room;
            if (!had_room || (target > 0 && target < 1)) continue;
            const float value = predicted(weights, row, c);
            if (target <= 0 && value < near_bound) ++dark;
            if (target >= 1 && value > 1 - near_bound) ++bright;
        }
    }
    const auto values = static_cast<double>(rows.size() * FitTerms::targets);
    fit.clipped_dark = static_cast<double>(dark) / values;
    fit.clipped_bright = static_cast<double>(bright) / values;
}

}  // namespace

PairMoments& PairMoments::operator+=(const PairMoments& other) {
    for (std::size_t i = 0; i < products_.size(); ++i) products_[i] += other.products_[i];
    return *this;
}

PairMoments& PairMoments::operator-=(const PairMoments& other) {
    for (std::size_t i = 0; i < products_.size(); ++i) products_[i] -= other.products_[i];
    return *this;
}

double& PairMoments::at(std::size_t i, std::size_t j) {
    if (i > j) std::swap(i, j);
    return products_[i * FitTerms::rows - i * (i + 1) / 2 + j];
}

double PairMoments::target_variance() const {
    double variance = 0;
    for (std::size_t t = FitTerms::all; t < FitTerms::rows; ++t) {
        const double mean = at(0, t) / pixels();
        variance += std::max(0.0, at(t, t) / pixels() - mean * mean) / FitTerms::targets;
    }
    return variance;
}

FitWeights fit_of(const PairMoments& moments, std::size_t terms) {
    const auto size = static_cast<Eigen::Index>(terms);
    Eigen::MatrixXd products(size, size), mixed(size, static_cast<Eigen::Index>(FitTerms::targets));
    for (Eigen::Index i = 0; i < size; ++i) {
        for (Eigen::Index j = 0; j < size; ++j) {
            products(i, j) = moments.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j));
        }
        for (Eigen::Index c = 0; c < mixed.cols(); ++c) {
            mixed(i, c) =
                moments.at(static_cast<std::size_t>(i), FitTerms::all + static_cast<std::size_t>(c));
        }
    }
    products.diagonal().array() += ridge * products.diagonal().maxCoeff();
    const Eigen::MatrixXd solved = products.ldlt().solve(mixed);
    FitWeights weights(terms);
    for (std::size_t i = 0; i < terms; ++i) {
        for (std::size_t c = 0; c < FitTerms::targets; ++c) {
            weights[i][c] = solved(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(c));
        }
    }
    return weights;
}

double error_of(const FitWeights& weights, const PairMoments& moments) {
    double error = 0;
    for (std::size_t c = 0; c < FitTerms::targets; ++c) {
        double squares = moments.at(FitTerms::all + c, FitTerms::all + c);
        for (std::size_t i = 0; i < weights.size(); ++i) {
            double row = 0;
            for (std::size_t j = 0; j < weights.size(); ++j) row += moments.at(i, j) * weights[j][c];
            squares += weights[i][c] * (row - 2 * moments.at(i, FitTerms::all + c));
        }
        error += squares;
    }
    return std::max(0.0, error / (FitTerms::targets * moments.pixels()));
}

PairFit fit_pair(const Image& input, const Image& target, std::int64_t dx, std::int64_t dy) {
    const Rows rows = rows_of(input, target, dx, dy);
    PairFit fit{moments_of(rows)};
    if (!rows.empty()) find_clipped(rows, fit);
    return fit;
}

double unexplained_of_means(const Image& input, const Image& target, std::int64_t dx, std::int64_t dy) {
    constexpr std::size_t least_means = 4 * FitTerms::local;
    constexpr double least_variance = 12.0 * 12.0 / (255.0 * 255.0);
    const Samples room = samples_of(input, dx, dy);
    const auto count = [](std::int64_t length) {
        return std::min(most_means, std::max<std::int64_t>(length, 0) / mean_side);
    };
    const auto start = [](std::int64_t from, std::int64_t to, std::int64_t i, std::int64_t parts) {
        return from + (to - from - mean_side) * i / std::max<std::int64_t>(parts - 1, 1);
    };
    const std::int64_t across = count(room.right - room.left), down = count(room.bottom - room.top);
    Rows rows;
    for (std::int64_t i = 0; i < down * across; ++i) {
        rows.push_back(mean_row(input, target, start(room.top, room.bottom, i / across, down),
                                start(room.left, room.right, i % across, across), dx, dy));
    }
    if (rows.size() < least_means) return 0;
    const PairMoments moments = moments_of(rows);
    return error_of(fit_of(moments, FitTerms::local), moments) /
           std::max(moments.target_variance(), least_variance);
}

}  // namespace shadenet
