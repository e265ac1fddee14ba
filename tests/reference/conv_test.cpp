#include "reference/conv.h"

#include <limits>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

struct ConvCase {
    Shape x;
    std::uint32_t out, kernel, stride;
    Padding padding;
};

const std::vector<ConvCase> conv_cases = {
    {{2, 3, 5, 7}, 4, 1, 1, Padding::same},  {{2, 3, 5, 7}, 4, 3, 1, Padding::same},
    {{1, 2, 6, 9}, 3, 5, 1, Padding::same},  {{2, 1, 4, 9}, 3, 7, 1, Padding::same},
    {{2, 3, 5, 7}, 4, 3, 2, Padding::same},  {{1, 2, 8, 5}, 3, 5, 3, Padding::same},
    {{2, 3, 5, 7}, 4, 3, 1, Padding::valid}, {{1, 2, 9, 6}, 3, 5, 2, Padding::valid},
    {{2, 2, 7, 8}, 1, 7, 1, Padding::valid}, {{3, 2, 1, 1}, 4, 1, 1, Padding::valid},
    {{3, 2, 1, 1}, 4, 3, 1, Padding::same},  {{1, 3, 1, 6}, 2, 7, 2, Padding::same},
};

Conv layer_of(const ConvCase& c) {
    return {"conv", c.x.c, c.out, c.kernel, c.stride, c.padding};
}

std::string conv_name(const ConvCase& c) {
    return fmt::format("x [{},{},{},{}] out {} k {} stride {} {}", c.x.n, c.x.c, c.x.h, c.x.w, c.out,
                       c.kernel, c.stride, c.padding == Padding::same ? "same" : "valid");
}

}  // namespace

TEST_CASE("conv_forward agrees with a picture convolved by hand") {
    Tensor x({1, 1, 2, 3});
    x.values = {1, 2, 3,  //
                4, 5, 6};
    const std::vector<double> weight = {1,    10,  100,  //
                                        1000, 1e4, 1e5,  //
                                        1e6,  1e7, 1e8};
    // Cross-correlation: weight[1][1] = 1e4 multiplies the pixel itself, weight[1][2] = 1e5 its right
    // neighbour.
    const std::vector<double> expected = {540210000 + 0.5, 654321000 + 0.5, 65032000 + 0.5,
                                          540210 + 0.5,    654321 + 0.5,    65032 + 0.5};
    const Tensor y = conv_forward(x, weight, {0.5}, {"conv", 1, 1, 3});
    CHECK(y.shape == Shape{1, 1, 2, 3});
    CHECK(y.values == expected);
}

TEST_CASE("conv_forward keeps images, channels and bias apart, with stride and without padding") {
    Tensor x({2, 2, 3, 4});
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] = static_cast<double>(i);
    // Output channel 0 copies input channel 1's middle tap, output channel 1 the top left of channel 0.
    std::vector<double> weight(2 * 2 * 9, 0.0);
    weight[9 + 4] = 1.0;
    weight[18 + 0] = 2.0;
    const Tensor y = conv_forward(x, weight, {0.25, -0.25}, {"conv", 2, 2, 3, 1, Padding::valid});
    CHECK(y.shape == Shape{2, 2, 1, 2});
    CHECK(y.values == std::vector<double>{17.25, 18.25, -0.25, 1.75, 41.25, 42.25, 47.75, 49.75});

    const Tensor strided = conv_forward(x, weight, {0.0, 0.0}, {"conv", 2, 2, 3, 2, Padding::same});
    CHECK(strided.shape == Shape{2, 2, 2, 2});
    CHECK(strided.at(1, 0, 1, 1) == x.at(1, 1, 2, 2));
    CHECK(strided.at(1, 1, 1, 1) == 2.0 * x.at(1, 0, 1, 1));
    CHECK(strided.at(1, 1, 0, 1) == 0.0);
}

TEST_CASE("each tap of every kernel, stride and padding reads its own neighbour") {
    std::mt19937_64 random(12);
    for (const ConvCase& c : conv_cases) {
        const Conv layer{"conv", 1, 1, c.kernel, c.stride, c.padding};
        const Tensor x = random_tensor({1, 1, c.x.h, c.x.w}, random);
        const int margin = c.padding == Padding::same ? static_cast<int>(c.kernel) / 2 : 0;
        for (std::uint32_t tap = 0; tap < c.kernel * c.kernel; ++tap) {
            std::vector<double> weight(std::size_t{c.kernel} * c.kernel, 0.0);
            weight[tap] = 1.0;
            const Tensor y = conv_forward(x, weight, {0.0}, layer);
            Tensor expected(y.shape);
            for (std::uint32_t i = 0; i < y.values.size(); ++i) {
                const int row = static_cast<int>(i / y.shape.w * c.stride + tap / c.kernel) - margin;
                const int column = static_cast<int>(i % y.shape.w * c.stride + tap % c.kernel) - margin;
                const bool inside = row >= 0 && column >= 0 && row < static_cast<int>(c.x.h) &&
                                    column < static_cast<int>(c.x.w);
                if (inside) expected.values[i] = x.at(0, 0, row, column);
            }
            INFO(conv_name(c) << ", tap " << tap);
            CHECK(y.values == expected.values);
        }
    }
}

TEST_CASE("conv gradients agree with central differences") {
    std::mt19937_64 random(11);
    for (const ConvCase& c : conv_cases) {
        const Conv layer = layer_of(c);
        Tensor x = random_tensor(c.x, random);
        std::vector<double> weight = random_values(std::size_t{c.out} * c.x.c * c.kernel * c.kernel, random);
        std::vector<double> bias = random_values(c.out, random);
        const Tensor dy = random_tensor(conv_forward(x, weight, bias, layer).shape, random);
        const auto function = [&] { return weighted_sum(dy, conv_forward(x, weight, bias, layer)); };
        const Tensor dx = conv_backward_input(dy, weight, layer, c.x);
        const ConvGradient gradient = conv_backward_weight(x, dy, layer);
        CHECK(dx.shape == c.x);
        // Linear in each, so the differences are exact however long the step.
        check_gradient(conv_name(c) + ", input", x.values, dx.values, function, 0.5, 1e-12);
        check_gradient(conv_name(c) + ", weight", weight, gradient.dweight, function, 0.5, 1e-12);
        check_gradient(conv_name(c) + ", bias", bias, gradient.dbias, function, 0.5, 1e-12);
    }
}

TEST_CASE("conv refuses what does not fit") {
    const Conv layer{"conv", 2, 3, 3, 1, Padding::valid};
    const std::vector<double> weight(54), bias(3);
    CHECK_THROWS_AS(conv_forward(Tensor({1, 1, 5, 5}), weight, bias, layer), InputError);
    CHECK_THROWS_AS(conv_forward(Tensor({1, 2, 2, 5}), weight, bias, layer), InputError);
    CHECK_THROWS_AS(conv_forward(Tensor({1, 2, 5, 5}), bias, bias, layer), std::invalid_argument);
    CHECK_THROWS_AS(conv_forward(Tensor({1, 2, 5, 5}), weight, weight, layer), std::invalid_argument);
    CHECK_THROWS_AS(conv_backward_input(Tensor({1, 3, 3, 4}), weight, layer, {1, 2, 5, 5}),
                    std::invalid_argument);
    CHECK_THROWS_AS(conv_backward_weight(Tensor({1, 2, 5, 5}), Tensor({1, 3, 5, 5}), layer),
                    std::invalid_argument);
}

TEST_CASE("conv does not hide NaN") {
    Tensor x({1, 1, 3, 3});
    x.at(0, 0, 1, 1) = std::numeric_limits<double>::quiet_NaN();
    const Tensor y = conv_forward(x, std::vector<double>(9, 0.0), {0.0}, {"conv", 1, 1, 3});
    for (const double value : y.values) CHECK(std::isnan(value));
}
