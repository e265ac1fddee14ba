#include "reference/average.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

TEST_CASE("average_forward keeps images and channels apart") {
    Tensor x({2, 2, 2, 3});
    for (std::size_t i = 0; i < x.values.size(); ++i) x.values[i] = static_cast<double>(i * i);
    const Tensor y = average_forward(x);
    CHECK(y.shape == Shape{2, 2, 1, 1});
    CHECK(y.values[0] == Approx(55.0 / 6.0).epsilon(1e-15));
    CHECK(y.values[1] == Approx(451.0 / 6.0).epsilon(1e-15));
    CHECK(y.values[2] == Approx(1279.0 / 6.0).epsilon(1e-15));
    CHECK(y.values[3] == Approx(2539.0 / 6.0).epsilon(1e-15));
}

TEST_CASE("average's gradient agrees with central differences") {
    std::mt19937_64 random(23);
    for (const Shape& shape : {Shape{2, 3, 5, 7}, Shape{1, 1, 1, 9}, Shape{3, 4, 1, 1}, Shape{1, 2, 6, 3}}) {
        for (const double scale : {1.0, 100.0}) {
            Tensor x = random_tensor(shape, random, 0.1 * scale, scale);
            const Tensor dy = random_tensor({shape.n, shape.c, 1, 1}, random);
            const Tensor dx = average_backward(dy, shape);
            CHECK(dx.shape == shape);
            const auto function = [&] { return weighted_sum(dy, average_forward(x)); };
            check_gradient("average", x.values, dx.values, function, 0.5, 1e-12 * (1.0 + scale));
        }
    }
}

TEST_CASE("average refuses another shape and does not hide NaN") {
    CHECK_THROWS_AS(average_backward(Tensor({2, 3, 1, 2}), {2, 3, 4, 5}), std::invalid_argument);
    CHECK_THROWS_AS(average_backward(Tensor({2, 2, 1, 1}), {2, 3, 4, 5}), std::invalid_argument);
    Tensor x({1, 2, 2, 2});
    x.values[7] = std::numeric_limits<double>::quiet_NaN();
    const Tensor y = average_forward(x);
    CHECK(y.values[0] == 0.0);
    CHECK(std::isnan(y.values[1]));
}
