// resize, by properties that any good filter has.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"
#include "catch.h"
#include "image/image.h"

namespace shadenet {

namespace {

// Float rounding of a weighted sum of some dozens of values up to 1.
constexpr double rounding = 2e-6;

Image constant(std::uint32_t width, std::uint32_t height, float r, float g, float b) {
    Image image{width, height, std::vector<float>(3 * std::size_t{width} * height)};
    const float levels[] = {r, g, b};
    for (std::size_t c = 0; c < 3; ++c) {
        std::fill_n(image.values.begin() + static_cast<std::ptrdiff_t>(c * image.plane()), image.plane(),
                    levels[c]);
    }
    return image;
}

template <typename F>
Image make(std::uint32_t width, std::uint32_t height, F value) {
    Image image = constant(width, height, 0, 0, 0);
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < height; ++y) {
            for (std::uint32_t x = 0; x < width; ++x) image.at(c, y, x) = value(c, y, x);
        }
    }
    return image;
}

float scattered(std::uint32_t c, std::uint32_t y, std::uint32_t x) {
    const std::uint32_t bits = (c * 7919u + y * 104729u + x * 1299709u) * 2654435761u;
    return static_cast<float>(bits >> 8) / static_cast<float>(1u << 24);
}

double mean(const Image& image, std::size_t c) {
    const auto begin = image.values.begin() + static_cast<std::ptrdiff_t>(c * image.plane());
    return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(image.plane()), 0.0) /
           static_cast<double>(image.plane());
}

}  // namespace

TEST_CASE("the same size is a copy") {
    const Image image = make(13, 7, scattered);
    CHECK(resize(image, 13, 7).values == image.values);
}

TEST_CASE("a constant stays constant, at every size and per channel") {
    const Image image = constant(31, 17, 0.25f, 0.5f, 1.0f);
    const std::pair<std::uint32_t, std::uint32_t> sizes[] = {{1, 1}, {1, 40},  {64, 1}, {30, 18},
                                                             {7, 5}, {97, 53}, {31, 4}};
    for (const auto& [width, height] : sizes) {
        const Image result = resize(image, width, height);
        INFO(width << " x " << height);
        CHECK(result.width == width);
        CHECK(result.height == height);
        REQUIRE(result.values.size() == 3 * result.plane());
        double worst = 0;
        const double levels[] = {0.25, 0.5, 1.0};
        for (std::size_t i = 0; i < result.values.size(); ++i) {
            const double error =
                std::fabs(static_cast<double>(result.values[i]) - levels[i / result.plane()]);
            worst = error <= worst ? worst : error;  // a NaN becomes the worst
        }
        CHECK(worst <= rounding);
    }
}

TEST_CASE("one pixel becomes any size") {
    const Image result = resize(constant(1, 1, 0.1f, 0.2f, 0.3f), 9, 4);
    CHECK(result.at(0, 0, 0) == Approx(0.1).margin(rounding));
    CHECK(result.at(1, 3, 8) == Approx(0.2).margin(rounding));
    CHECK(result.at(2, 2, 4) == Approx(0.3).margin(rounding));
}

TEST_CASE("shrinking by whole numbers keeps the mean") {
    // A border of one colour, wider than the filter, so that repeating the edge weighs nothing.
    const Image image = make(120, 90, [](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        const bool inside = x >= 24 && x < 96 && y >= 24 && y < 66;
        return inside ? 0.2f + 0.6f * scattered(c, y, x) : 0.5f;
    });
    const Image half = resize(image, 60, 45), third = resize(image, 40, 30);
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(mean(half, c) == Approx(mean(image, c)).margin(1e-5));
        CHECK(mean(third, c) == Approx(mean(image, c)).margin(1e-5));
    }
}

TEST_CASE("a fine checkerboard becomes even grey, not a coarse one") {
    const Image board = make(96, 80, [](std::uint32_t, std::uint32_t y, std::uint32_t x) {
        return (x + y) % 2 == 0 ? 0.0f : 1.0f;
    });
    const Image result = resize(board, 41, 33);
    double worst = 0;
    for (std::uint32_t y = 2; y + 2 < result.height; ++y) {
        for (std::uint32_t x = 2; x + 2 < result.width; ++x) {
            const double error = std::fabs(static_cast<double>(result.at(0, y, x)) - 0.5);
            worst = error <= worst ? worst : error;
        }
    }
    // Taking single pixels would leave 0.5.
    CHECK(worst < 0.03);
}

TEST_CASE("shrinking keeps a picture where it was") {
    // A ramp has the same value at the same relative place in every size. Half a pixel off would be 0.005 or
    // more.
    const Image ramp = make(64, 48, [](std::uint32_t c, std::uint32_t y, std::uint32_t x) {
        return c == 0 ? (static_cast<float>(x) + 0.5f) / 64.0f : (static_cast<float>(y) + 0.5f) / 48.0f;
    });
    for (const auto& [width, height] : {std::pair{19u, 31u}, std::pair{101u, 83u}}) {
        const Image result = resize(ramp, width, height);
        INFO(width << " x " << height);
        CHECK(result.at(0, height / 2, width / 2) == Approx((width / 2 + 0.5) / width).margin(1e-3));
        CHECK(result.at(1, height / 3, width / 2) == Approx((height / 3 + 0.5) / height).margin(1e-3));
    }
}

TEST_CASE("the result stays within 0 and 1 at hard edges") {
    const Image edge =
        make(10, 6, [](std::uint32_t, std::uint32_t, std::uint32_t x) { return x < 5 ? 0.0f : 1.0f; });
    for (const float value : resize(edge, 47, 29).values) CHECK((value >= 0.0f && value <= 1.0f));
}

TEST_CASE("a size of zero is refused") {
    CHECK_THROWS_AS(resize(constant(3, 2, 0, 0, 0), 0, 5), InputError);
    CHECK_THROWS_AS(resize(constant(3, 2, 0, 0, 0), 5, 0), InputError);
    CHECK_THROWS_AS(resize(Image{}, 5, 5), InputError);
    CHECK_THROWS_AS(resize(constant(3, 2, 0, 0, 0), 1u << 20, 1u << 20), InputError);
}

}  // namespace shadenet
