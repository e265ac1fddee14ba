#include "reference/loss.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

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
    CHECK(result.examples == std::vector<double>{5.0});
    CHECK(result.correct == 0);
}

TEST_CASE("losses are the means of their examples'") {
    std::mt19937_64 random(40);
    const Tensor pictures = random_tensor({3, 2, 5, 7}, random, 10.0, 100.0);
    const Tensor logits = random_tensor({3, 5, 1, 1}, random, 10.0, 100.0);
    const Tensor other = random_tensor(pictures.shape, random);
    for (const Loss& loss : {mean_squared_error(pictures, other), cross_entropy(logits, {4, 0, 2})}) {
        REQUIRE(loss.examples.size() == 3);
        CHECK(loss.loss ==
              Approx((loss.examples[0] + loss.examples[1] + loss.examples[2]) / 3.0).epsilon(1e-13));
    }
    const Tensor one = [&] {
        Tensor second({1, 5, 1, 1});
        std::copy_n(logits.values.begin() + 5, 5, second.values.begin());
        return second;
    }();
    CHECK(cross_entropy(one, {0}).loss == cross_entropy(logits, {4, 0, 2}).examples[1]);
}

TEST_CASE("cross_entropy is the logarithm of the label's probability") {
    Tensor logits({2, 3, 1, 1});
    logits.values = {0.0, std::log(2.0), std::log(5.0),  //
                     1.0, 1.0,           1.0};
    const Loss result = cross_entropy(logits, {1, 2});
    CHECK(result.examples[0] == Approx(std::log(4.0)).epsilon(1e-15));
    CHECK(result.examples[1] == Approx(std::log(3.0)).epsilon(1e-15));
    check_close("dout", result.dout.values, {0.0625, -0.375, 0.3125, 1.0 / 6.0, 1.0 / 6.0, -1.0 / 3.0},
                1e-15);
}

TEST_CASE("cross_entropy overflows for no logits") {
    Tensor logits({2, 2, 1, 1});
    logits.values = {1e4, -1e4, -3e300, -3e300};
    const Loss result = cross_entropy(logits, {1, 0});
    CHECK(result.examples == std::vector<double>{2e4, std::log(2.0)});
    CHECK(result.dout.values == std::vector<double>{0.5, -0.5, -0.25, 0.25});
}

TEST_CASE("cross_entropy counts the largest logit, ties to the lowest class") {
    Tensor logits({1, 3, 1, 1});
    const auto right = [&](std::vector<double> values) {
        logits.values = std::move(values);
        std::vector<std::uint32_t> classes;
        for (std::uint32_t label = 0; label < 3; ++label) {
            if (cross_entropy(logits, {label}).correct == 1) classes.push_back(label);
        }
        return classes;
    };
    CHECK(right({-3.0, -1.0, -2.0}) == Labels{1});
    CHECK(right({0.0, 5.0, 5.0}) == Labels{1});
    CHECK(right({5.0, 0.0, 5.0}) == Labels{0});
    CHECK(right({0.0, 0.0, 0.0}) == Labels{0});
    CHECK(right({0.0, std::numeric_limits<double>::quiet_NaN(), 1.0}).empty());
    Tensor many({4, 2, 1, 1});
    many.values = {1, 2, 2, 1, 3, 3, 0, -1};
    CHECK(cross_entropy(many, {1, 1, 0, 0}).correct == 3);
}

TEST_CASE("cross_entropy's gradient agrees with central differences") {
    std::mt19937_64 random(43);
    for (const Shape& shape :
         {Shape{1, 1, 1, 1}, Shape{5, 2, 1, 1}, Shape{3, 10, 1, 1}, Shape{7, 33, 1, 1}}) {
        for (const double scale : {1.0, 30.0}) {
            Tensor logits = random_tensor(shape, random, scale, scale);
            Labels labels;
            for (std::uint32_t n = 0; n < shape.n; ++n) labels.push_back((7 * n + 3) % shape.c);
            const Tensor dout = cross_entropy(logits, labels).dout;
            const auto function = [&] { return cross_entropy(logits, labels).loss; };
            check_gradient("dout", logits.values, dout.values, function, 1e-3, 1e-9);
        }
    }
}

TEST_CASE("cross_entropy refuses what are no logits and labels, and does not hide NaN") {
    CHECK_THROWS_AS(cross_entropy(Tensor({2, 3, 1, 2}), {0, 0}), std::invalid_argument);
    CHECK_THROWS_AS(cross_entropy(Tensor({2, 3, 1, 1}), {0}), std::invalid_argument);
    CHECK_THROWS_AS(cross_entropy(Tensor({2, 3, 1, 1}), {0, 3}), std::invalid_argument);
    for (std::size_t place = 0; place < 3; ++place) {
        Tensor logits({1, 3, 1, 1});
        logits.values[place] = std::numeric_limits<double>::quiet_NaN();
        const Loss result = cross_entropy(logits, {1});
        CHECK(std::isnan(result.loss));
        for (const double value : result.dout.values) CHECK(std::isnan(value));
    }
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
