#include "reference/dense.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "reference/conv.h"
#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

struct DenseCase {
    Shape x;
    std::uint32_t out;
    double mean = 0.0, scale = 1.0;
};

const std::vector<DenseCase> dense_cases = {{{1, 1, 1, 1}, 1},
                                            {{3, 1, 1, 1}, 5},
                                            {{2, 7, 1, 1}, 3},
                                            {{5, 3, 2, 5}, 4},
                                            {{1, 1, 5, 9}, 10},
                                            {{3, 2, 3, 1}, 2, 10.0, 100.0},
                                            {{4, 5, 1, 3}, 1, 10.0, 100.0}};

Dense dense_layer(const DenseCase& c) {
    return {"fc", static_cast<std::uint32_t>(c.x.c * c.x.plane()), c.out};
}

std::string dense_name(const DenseCase& c) {
    return fmt::format("x [{},{},{},{}] out {}", c.x.n, c.x.c, c.x.h, c.x.w, c.out);
}

}  // namespace

TEST_CASE("dense_forward takes the values of an example in the order channel, row, column") {
    Tensor x({2, 2, 1, 2});
    x.values = {1, 2, 3, 4,  //
                5, 6, 7, 8};
    const std::vector<double> weight = {1,  10, 100, 1000,  //
                                        -1, 0,  0,   2};
    const Tensor y = dense_forward(x, weight, {0.5, 0.25}, {"fc", 4, 2});
    CHECK(y.shape == Shape{2, 2, 1, 1});
    CHECK(y.values == std::vector<double>{4321.5, 7.25, 8765.5, 11.25});
}

TEST_CASE("a dense layer is a valid convolution with a window of the input's size") {
    std::mt19937_64 random(21);
    const Shape shape{3, 4, 5, 5};
    const Dense dense{"fc", 100, 7};
    const Conv conv{"conv", 4, 7, 5, 1, Padding::valid};
    const Tensor x = random_tensor(shape, random, 10.0, 100.0), dy = random_tensor({3, 7, 1, 1}, random);
    const std::vector<double> weight = random_values(700, random), bias = random_values(7, random);
    const Tensor y = dense_forward(x, weight, bias, dense);
    check_close("y", y.values, conv_forward(x, weight, bias, conv).values, 1e-13);
    check_close("dx", dense_backward_input(dy, weight, dense, shape).values,
                conv_backward_input(dy, weight, conv, shape).values, 1e-13);
    const DenseGradient gradient = dense_backward_weight(x, dy, dense);
    const ConvGradient expected = conv_backward_weight(x, dy, conv);
    check_close("dweight", gradient.dweight, expected.dweight, 1e-13);
    check_close("dbias", gradient.dbias, expected.dbias, 1e-13);
}

TEST_CASE("dense gradients agree with central differences") {
    std::mt19937_64 random(22);
    for (const DenseCase& c : dense_cases) {
        const Dense layer = dense_layer(c);
        Tensor x = random_tensor(c.x, random, c.mean, c.scale);
        std::vector<double> weight = random_values(std::size_t{c.out} * layer.in_features, random);
        std::vector<double> bias = random_values(c.out, random);
        const Tensor dy = random_tensor({c.x.n, c.out, 1, 1}, random);
        const auto function = [&] { return weighted_sum(dy, dense_forward(x, weight, bias, layer)); };
        const Tensor dx = dense_backward_input(dy, weight, layer, c.x);
        const DenseGradient gradient = dense_backward_weight(x, dy, layer);
        CHECK(dx.shape == c.x);
        // Linear in each, so the differences are as exact as the sums, however long the step.
        const double rounding = 1e-13 * (1.0 + c.scale);
        check_gradient(dense_name(c) + ", input", x.values, dx.values, function, 0.5, 10.0 * rounding);
        check_gradient(dense_name(c) + ", weight", weight, gradient.dweight, function, 0.5, rounding * 10.0);
        check_gradient(dense_name(c) + ", bias", bias, gradient.dbias, function, 0.5, 10.0 * rounding);
    }
}

TEST_CASE("dense refuses what does not fit") {
    const Dense layer{"fc", 12, 3};
    const std::vector<double> weight(36), bias(3);
    const Tensor x({2, 3, 2, 2}), dy({2, 3, 1, 1});
    CHECK_THROWS_AS(dense_forward(Tensor({2, 3, 2, 3}), weight, bias, layer), InputError);
    CHECK_THROWS_AS(dense_forward(x, bias, bias, layer), std::invalid_argument);
    CHECK_THROWS_AS(dense_forward(x, weight, weight, layer), std::invalid_argument);
    CHECK_THROWS_AS(dense_backward_input(Tensor({2, 1, 3, 1}), weight, layer, x.shape),
                    std::invalid_argument);
    CHECK_THROWS_AS(dense_backward_input(dy, bias, layer, x.shape), std::invalid_argument);
    CHECK_THROWS_AS(dense_backward_weight(x, Tensor({1, 3, 1, 1}), layer), std::invalid_argument);
}

TEST_CASE("dense does not hide NaN, and keeps it to its example") {
    Tensor x({2, 1, 1, 3});
    x.values[1] = std::numeric_limits<double>::quiet_NaN();
    const Tensor y = dense_forward(x, std::vector<double>(6, 0.0), {1.0, 2.0}, {"fc", 3, 2});
    CHECK(std::isnan(y.values[0]));
    CHECK(std::isnan(y.values[1]));
    CHECK(y.values[2] == 1.0);
    CHECK(y.values[3] == 2.0);
}
