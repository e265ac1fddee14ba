#include "reference/batchnorm.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

constexpr double epsilon = 1e-5;

struct Case {
    Shape shape;
    double mean, scale;
};

const std::vector<Case> cases = {
    {{2, 3, 5, 7}, 0.0, 1.0}, {{2, 3, 5, 7}, 10.0, 100.0}, {{1, 4, 3, 2}, -5.0, 0.5},
    {{3, 2, 1, 1}, 0.0, 1.0}, {{5, 1, 1, 3}, 10.0, 100.0}, {{2, 3, 4, 5}, 0.0, 0.01},
};

std::string name_of(const Case& c) {
    return fmt::format("[{},{},{},{}] mean {} scale {}", c.shape.n, c.shape.c, c.shape.h, c.shape.w, c.mean,
                       c.scale);
}

}  // namespace

TEST_CASE("batchnorm_statistics are the mean and the biased variance of each channel") {
    Tensor x({2, 2, 1, 2});
    x.values = {1, 3, 10, 10, 5, 7, 10, 10};
    const BatchStatistics statistics = batchnorm_statistics(x);
    CHECK(statistics.mean == std::vector<double>{4, 10});
    CHECK(statistics.variance == std::vector<double>{5, 0});  // unbiased, the first would be 20/3
}

TEST_CASE("batchnorm_statistics keep the variance of data far from zero") {
    Tensor x({1, 1, 1, 4});
    x.values = {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4};
    CHECK(batchnorm_statistics(x).variance.front() == 1.25);
}

TEST_CASE("batchnorm_normalize gives mean beta and deviation gamma, and takes any statistics") {
    std::mt19937_64 random(21);
    const Tensor x = random_tensor({2, 3, 5, 7}, random, 10.0, 100.0);
    const BatchStatistics statistics = batchnorm_statistics(x);
    const std::vector<double> gamma = {0.5, -2.0, 3.0}, beta = {1.0, 0.0, -4.0};
    const BatchStatistics result = batchnorm_statistics(
        batchnorm_normalize(x, statistics.mean, statistics.variance, gamma, beta, epsilon));
    for (std::size_t c = 0; c < 3; ++c) {
        const double shrink = statistics.variance[c] / (statistics.variance[c] + epsilon);
        CHECK(result.mean[c] == Approx(beta[c]).margin(1e-12));
        CHECK(result.variance[c] == Approx(gamma[c] * gamma[c] * shrink).epsilon(1e-12));
    }
    Tensor two({1, 1, 1, 2});
    two.values = {3.0, 7.0};
    const Tensor y = batchnorm_normalize(two, {1.0}, {3.5}, {6.0}, {0.25}, 0.5);
    CHECK(y.values == std::vector<double>{6.25, 18.25});
}

TEST_CASE("batch norm gradients agree with central differences") {
    std::mt19937_64 random(22);
    for (const Case& c : cases) {
        Tensor x = random_tensor(c.shape, random, c.mean, c.scale);
        const Tensor dy = random_tensor(c.shape, random);
        std::vector<double> gamma = random_values(c.shape.c, random, 1.5),
                            beta = random_values(c.shape.c, random);
        const double h = 1e-3 * c.scale;

        SECTION("training: " + name_of(c)) {
            const auto function = [&] {
                const BatchStatistics of_x = batchnorm_statistics(x);
                return weighted_sum(dy,
                                    batchnorm_normalize(x, of_x.mean, of_x.variance, gamma, beta, epsilon));
            };
            const BatchStatistics batch = batchnorm_statistics(x);
            const BatchNormGradient g = batchnorm_backward(x, dy, batch.mean, batch.variance, gamma, epsilon);
            check_gradient("dx", x.values, g.dx.values, function, h, 1e-8);
            check_gradient("dgamma", gamma, g.dgamma, function, 0.5, 1e-11);
            check_gradient("dbeta", beta, g.dbeta, function, 0.5, 1e-11);
        }
        SECTION("inference: " + name_of(c)) {
            const std::vector<double> mean = random_values(c.shape.c, random, c.mean, c.scale);
            const std::vector<double> variance =
                random_values(c.shape.c, random, c.scale * c.scale, 0.5 * c.scale * c.scale);
            const auto function = [&] {
                return weighted_sum(dy, batchnorm_normalize(x, mean, variance, gamma, beta, epsilon));
            };
            const BatchNormGradient g = batchnorm_backward_inference(x, dy, mean, variance, gamma, epsilon);
            check_gradient("dx", x.values, g.dx.values, function, c.scale, 1e-11);
            check_gradient("dgamma", gamma, g.dgamma, function, 0.5, 1e-11);
            check_gradient("dbeta", beta, g.dbeta, function, 0.5, 1e-11);
        }
    }
}

TEST_CASE("a single value per channel normalises to beta and gets no gradient") {
    std::mt19937_64 random(23);
    const Tensor x = random_tensor({1, 4, 1, 1}, random), dy = random_tensor({1, 4, 1, 1}, random);
    const std::vector<double> gamma = random_values(4, random), beta = random_values(4, random);
    const BatchStatistics batch = batchnorm_statistics(x);
    CHECK(batchnorm_normalize(x, batch.mean, batch.variance, gamma, beta, epsilon).values == beta);
    const BatchNormGradient g = batchnorm_backward(x, dy, batch.mean, batch.variance, gamma, epsilon);
    check_close("dx", g.dx.values, std::vector<double>(4, 0.0), 1e-12);
    CHECK(g.dbeta == dy.values);
}

TEST_CASE("the training gradient has no component along constants") {
    std::mt19937_64 random(24);
    const Tensor x = random_tensor({2, 1, 5, 7}, random, 10.0, 100.0),
                 dy = random_tensor({2, 1, 5, 7}, random);
    const BatchStatistics batch = batchnorm_statistics(x);
    const auto sum = [](const Tensor& t) { return std::accumulate(t.values.begin(), t.values.end(), 0.0); };
    const auto training = batchnorm_backward(x, dy, batch.mean, batch.variance, {2.0}, epsilon);
    const auto inference = batchnorm_backward_inference(x, dy, batch.mean, batch.variance, {2.0}, epsilon);
    CHECK(std::abs(sum(training.dx)) < 1e-14);
    CHECK(std::abs(sum(inference.dx)) > 1e-3);
}

TEST_CASE("moving_update keeps `decay` of the old value") {
    std::vector<double> moving = {8.0, -4.0};
    moving_update(moving, {16.0, 4.0}, 0.75);
    CHECK(moving == std::vector<double>{10.0, -2.0});
    moving_update(moving, {1.0, 2.0}, 0.0);
    CHECK(moving == std::vector<double>{1.0, 2.0});
}

TEST_CASE("batch norm refuses sizes that disagree and does not hide NaN") {
    Tensor x({1, 2, 1, 3});
    const std::vector<double> two(2, 1.0), three(3, 1.0);
    CHECK_THROWS_AS(batchnorm_normalize(x, three, two, two, two, epsilon), std::invalid_argument);
    CHECK_THROWS_AS(batchnorm_normalize(x, two, two, two, three, epsilon), std::invalid_argument);
    CHECK_THROWS_AS(batchnorm_backward(x, Tensor({1, 2, 3, 1}), two, two, two, epsilon),
                    std::invalid_argument);
    std::vector<double> moving = two;
    CHECK_THROWS_AS(moving_update(moving, three, 0.9), std::invalid_argument);
    x.at(0, 1, 0, 2) = std::numeric_limits<double>::quiet_NaN();
    CHECK(!std::isnan(batchnorm_statistics(x).mean[0]));
    CHECK(std::isnan(batchnorm_statistics(x).mean[1]));
    CHECK(std::isnan(batchnorm_statistics(x).variance[1]));
}
