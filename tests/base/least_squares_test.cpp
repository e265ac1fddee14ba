// Least squares from moments, against sums over the points themselves.
#include "base/least_squares.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "catch.h"

using namespace shadenet;

namespace {

constexpr std::size_t known = 4, numbers = known + 3;
using Point = std::array<double, numbers>;

/// Targets that are nearly an affine function of the known numbers, whose mean is 10 and deviation 100; the
/// last two of these are nearly the same.
std::vector<Point> some_points(std::uint64_t seed, std::size_t count) {
    std::mt19937_64 random(seed);
    std::normal_distribution<double> normal;
    std::vector<Point> points(count);
    for (Point& point : points) {
        for (std::size_t a = 0; a < known; ++a) point[a] = 10 + 100 * normal(random);
        point[known - 1] = point[known - 2] + 0.01 * normal(random);
        for (std::size_t c = 0; c < 3; ++c) {
            const auto factor = static_cast<double>(c + 1);
            point[known + c] = 3 * factor + 0.5 * point[0] - factor * point[1] + point[2] + normal(random);
        }
    }
    return points;
}

struct Moments {
    explicit Moments(const std::vector<Point>& points)
        : count(static_cast<double>(points.size())), sum(numbers), product(numbers * numbers) {
        for (const Point& point : points) {
            for (std::size_t a = 0; a < numbers; ++a) {
                sum[a] += point[a];
                for (std::size_t b = 0; b < numbers; ++b) product[a * numbers + b] += point[a] * point[b];
            }
        }
    }
    FitSums sums() const { return {count, sum, product}; }

    double count;
    std::vector<double> sum, product;
};

double loss_in_loops(const std::vector<Point>& points, const AffineFit& fit) {
    double squares = 0;
    for (const Point& point : points) {
        for (std::size_t c = 0; c < 3; ++c) {
            double value = fit.bias[c];
            for (std::size_t a = 0; a < known; ++a) value += fit.weight[c * known + a] * point[a];
            squares += std::pow(value - point[known + c], 2);
        }
    }
    return squares / (3 * static_cast<double>(points.size()));
}

const AffineFit no_fit{std::vector<double>(3 * known), std::vector<double>(3)};

}  // namespace

TEST_CASE("least squares: the loss of any fit is that of the points") {
    const std::vector<Point> points = some_points(0, 60), others = some_points(1, 40);
    const AffineFit fit = best_fit(Moments(points).sums());
    CHECK(fit.loss == Approx(loss_in_loops(points, fit)).epsilon(1e-6));
    CHECK(loss_of_fit(Moments(others).sums(), fit) == Approx(loss_in_loops(others, fit)).epsilon(1e-6));
    AffineFit shifted = fit;
    shifted.bias[1] += 3;
    CHECK(loss_of_fit(Moments(points).sums(), shifted) ==
          Approx(loss_in_loops(points, shifted)).epsilon(1e-6));
}

TEST_CASE("least squares: a ridge holds weights near those that it is given") {
    const std::vector<Point> points = some_points(2, 50);
    const Moments moments(points);
    const AffineFit best = best_fit(moments.sums());
    AffineFit towards = no_fit;
    for (std::size_t i = 0; i < towards.weight.size(); ++i) towards.weight[i] = 0.3 * static_cast<double>(i);
    const auto apart = [](const AffineFit& a, const AffineFit& b) {
        double squares = 0;
        for (std::size_t i = 0; i < a.weight.size(); ++i) squares += std::pow(a.weight[i] - b.weight[i], 2);
        return std::sqrt(squares);
    };
    double before = apart(best, towards);
    REQUIRE(before > 1);
    CHECK(apart(ridge_fit(moments.sums(), 1e-13, towards), best) < 1e-2 * before);
    for (const double ridge : {1e-8, 1e-4, 1e-1}) {
        const AffineFit fit = ridge_fit(moments.sums(), ridge, towards);
        CHECK(apart(fit, towards) < before);
        CHECK(fit.loss >= best.loss);
        before = apart(fit, towards);
    }
    CHECK(apart(ridge_fit(moments.sums(), 0.9, best), best) < 1e-6);
}
