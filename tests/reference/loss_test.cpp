#include "reference/loss.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>

#include "reference/gradient_check.h"
#include "reference/skip.h"

using namespace shadenet;
using namespace shadenet::reference;

TEST_CASE("mean_squared_error divides by every value, channels included") {
    Tensor out({1, 2, 1, 2}), target({1, 2, 1, 2});
    out.values = {1.0, 2.0, 3.0, 4.0};
    target.values = {1.0, 0.0, 3.0, 8.0};
    const Loss result = mean_squared_error(out, target);
    CHECK(result.loss == 5.0);
    CHECK(result.dout.values == std::vector<double>{0.0, 1.0, 0.0, -2.0});
}

TEST_CASE("the loss's gradient agrees with central differences") {
    std::mt19937_64 random(41);
    Tensor out = random_tensor({2, 3, 5, 7}, random);
    const Tensor target = random_tensor(out.shape, random);
    const Tensor dout = mean_squared_error(out, target).dout;
    const auto function = [&] { return mean_squared_error(out, target).loss; };
    check_gradient("dout", out.values, dout.values, function, 0.1, 1e-10);
}

TEST_CASE("the loss refuses another shape and does not hide NaN") {
    Tensor out({1, 1, 2, 3});
    CHECK_THROWS_AS(mean_squared_error(out, Tensor({1, 1, 3, 2})), std::invalid_argument);
    out.values.back() = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(mean_squared_error(out, Tensor(out.shape)).loss));
}

TEST_CASE("add sums value by value and refuses another shape") {
    std::mt19937_64 random(42);
    const Tensor a = random_tensor({2, 3, 5, 7}, random), b = random_tensor({2, 3, 5, 7}, random);
    const Tensor sum = add(a, b);
    CHECK(sum.shape == a.shape);
    CHECK(sum.at(1, 2, 4, 6) == a.at(1, 2, 4, 6) + b.at(1, 2, 4, 6));
    CHECK(sum.at(0, 1, 3, 2) == a.at(0, 1, 3, 2) + b.at(0, 1, 3, 2));
    CHECK_THROWS_AS(add(a, Tensor({2, 3, 7, 5})), std::invalid_argument);
}
