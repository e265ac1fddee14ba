#include "model/random.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "catch.h"

namespace shadenet {

namespace {

/// Of the standard normal distribution.
double cumulative(double x) {
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}

}  // namespace

TEST_CASE("a random stream depends on the seed and on its number") {
    CHECK(random_stream(7, 3)() == random_stream(7, 3)());
    CHECK(random_stream(7, 3)() != random_stream(3, 7)());
    CHECK(random_stream(7, 3)() != random_stream(7, 4)());
    CHECK(random_stream(7, 3)() != random_stream(8, 3)());
    CHECK(random_stream(7, 3)() != random_stream(7 + (1ull << 32), 3)());
    CHECK(random_stream(7, 3)() != random_stream(7, 3 + (1ull << 32))());
}

TEST_CASE("the streams are the same on every platform") {
    auto random = random_stream(42, 5);
    CHECK(random() == 804882098888048458ull);
    CHECK(random() == 3779920403104544950ull);
    CHECK(uniform(random) == 0x1.3312282bd7548p-1);
    CHECK(truncated_normal(random) == 0x1.b8601f5d1db7p-1);
    CHECK(truncated_normal(random) == -0x1.64965d3c1fa4cp-1);
    CHECK(permutation(9, random) == std::vector<std::uint32_t>{0, 4, 2, 8, 7, 3, 5, 1, 6});
    CHECK(normal(random) == 0x1.3da69a225b8dcp-3);
    CHECK(normal(random) == 0x1.065dfa8f7fcfdp+0);
    CHECK(normal(random) == 0x1.1ccb9ff7a968ep+0);
}

TEST_CASE("uniform numbers fill 0 to 1 evenly") {
    auto random = random_stream(1, 0);
    constexpr int count = 100000;
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < count; ++i) {
        const double value = uniform(random);
        REQUIRE((value >= 0.0 && value < 1.0));
        sum += value;
        squares += value * value;
    }
    // Five standard errors.
    CHECK(sum / count == Approx(1.0 / 2).margin(0.0046));
    CHECK(squares / count == Approx(1.0 / 3).margin(0.0048));
}

TEST_CASE("truncated_normal has the distribution of its name") {
    auto random = random_stream(2, 0);
    constexpr std::size_t count = 200001;
    std::vector<double> values(count);
    for (double& value : values) value = truncated_normal(random);
    std::sort(values.begin(), values.end());
    CHECK(values.front() >= -2.0);
    CHECK(values.back() <= 2.0);
    CHECK(values.front() < -1.999);
    CHECK(values.back() > 1.999);

    // Kolmogorov and Smirnov's distance stays below 1.95/√count in 999 of 1000 samples of the right
    // distribution.
    const double inside = cumulative(2.0) - cumulative(-2.0);
    double distance = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double expected = (cumulative(values[i]) - cumulative(-2.0)) / inside;
        distance = std::max(distance, std::abs(expected - (static_cast<double>(i) + 0.5) / count));
    }
    CHECK(distance < 1.95 / std::sqrt(static_cast<double>(count)));
}

TEST_CASE("normal has the distribution of its name, its tails too") {
    auto random = random_stream(4, 0);
    constexpr std::size_t count = 400'001;
    std::vector<double> values(count);
    for (double& value : values) value = normal(random);
    std::sort(values.begin(), values.end());
    double distance = 0.0;
    for (std::size_t i = 0; i < count; ++i) {
        const double expected = cumulative(values[i]);
        distance = std::max(distance, std::abs(expected - (static_cast<double>(i) + 0.5) / count));
    }
    CHECK(distance < 1.95 / std::sqrt(static_cast<double>(count)));
    // Beyond each of these the counts are within five standard errors of what they should be.
    for (const double edge : {1.0, 2.0, 3.0, 4.0}) {
        const double expected = count * 2.0 * cumulative(-edge);
        const auto beyond =
            std::ranges::count_if(values, [&](double value) { return std::abs(value) > edge; });
        CAPTURE(edge, expected, beyond);
        CHECK(std::abs(static_cast<double>(beyond) - expected) < 5.0 * std::sqrt(expected));
    }
}

TEST_CASE("permutations are whole and equally likely") {
    auto random = random_stream(3, 0);
    CHECK(permutation(0, random).empty());
    CHECK(permutation(1, random) == std::vector<std::uint32_t>{0});

    std::vector<std::uint32_t> sorted = permutation(1001, random);
    std::sort(sorted.begin(), sorted.end());
    for (std::uint32_t i = 0; i < 1001; ++i) REQUIRE(sorted[i] == i);

    std::map<std::vector<std::uint32_t>, int> seen;
    for (int i = 0; i < 24000; ++i) ++seen[permutation(4, random)];
    CHECK(seen.size() == 24);
    for (const auto& [order, times] : seen) CHECK(std::abs(times - 1000) < 155);  // five standard deviations
}

}  // namespace shadenet
