#include "pairs/pair_fit.h"

#include <cmath>

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

double own_levels(const Image& input, const Image& target, std::size_t terms = FitTerms::local) {
    const PairFit fit = fit_pair(input, target, 0, 0);
    return 255 * std::sqrt(error_of(fit_of(fit.moments, terms), fit.moments));
}

}  // namespace

TEST_CASE("targets of the terms that are fitted leave what rounding leaves, and others more") {
    const Image image = sample_pictures()[3].image;
    CHECK(own_levels(image, negative(image)) < 0.01);
    CHECK(own_levels(image, curved(image)) < 0.35);
    CHECK(own_levels(image, blurred(image)) < 0.35);
    CHECK(own_levels(image, edges(image)) > 5);
    const Image darker =
        drawn(image.width, image.height, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
            return pixel(image, c, y, x) * (0.5f + static_cast<float>(x) / 512);
        });
    CHECK(own_levels(image, darker) > 5);
    CHECK(own_levels(image, darker, FitTerms::all) < 0.6 * own_levels(image, darker));
}

TEST_CASE("the error that moments tell is that of the pixels") {
    const Image input = drawn(40, 30, [](std::uint32_t c, std::int64_t y, std::int64_t x) {
        return static_cast<float>((x * 37 + y * 91 + c * 53 + x * y) % 256) / 255;
    });
    const Image target = negative(input);
    FitWeights weights(1);
    weights[0] = {0.25, 0.5, 0.75};  // the constant alone
    const PairMoments moments = fit_pair(input, target, 0, 0).moments;
    double squares = 0, variance = 0;
    std::array<double, 3> sums{}, square_sums{};
    const double pixels = 36 * 26;
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 2; y < 28; ++y) {
            for (std::uint32_t x = 2; x < 38; ++x) {
                const double value = target.at(c, y, x), error = value - weights[0][c];
                squares += error * error;
                sums[c] += value;
                square_sums[c] += value * value;
            }
        }
        variance += (square_sums[c] / pixels - sums[c] * sums[c] / pixels / pixels) / 3;
    }
    CHECK(moments.pixels() == pixels);
    CHECK(std::abs(error_of(weights, moments) - squares / (3 * pixels)) < 1e-9);
    CHECK(std::abs(moments.target_variance() - variance) < 1e-9);
}

TEST_CASE("moments of pairs add up, and are taken away again") {
    const std::vector<Sample> all = sample_pictures();
    PairMoments one = fit_pair(all[0].image, curved(all[0].image), 0, 0).moments;
    const PairMoments other = fit_pair(all[1].image, negative(all[1].image), 0, 0).moments;
    const double before = error_of(fit_of(one, FitTerms::local), one);
    one += other;
    CHECK(error_of(fit_of(one, FitTerms::local), one) > 100 * before);
    one -= other;
    CHECK(std::abs(error_of(fit_of(one, FitTerms::local), one) - before) < 1e-8);
}

TEST_CASE("a shift is taken out, and pictures that share no pixel have none to fit") {
    const Image image = sample_pictures()[2].image;
    const Image moved = negative(shifted(image, 5, -3));
    CHECK(own_levels(image, moved) > 10);
    const PairMoments moments = fit_pair(image, moved, 5, -3).moments;
    CHECK(255 * std::sqrt(error_of(fit_of(moments, FitTerms::local), moments)) < 0.01);
    CHECK(fit_pair(image, moved, 256, 0).moments.pixels() == 0);
}

TEST_CASE("clipped values are counted where the filter would go on") {
    const Image image = sample_pictures()[0].image;
    const PairFit kept = fit_pair(image, negative(image), 0, 0);
    CHECK(kept.clipped_dark + kept.clipped_bright == 0);
    const PairFit bright = fit_pair(image, each_value(image, [](float value) { return 2.5f * value; }), 0, 0);
    CHECK(bright.clipped_bright > 0.1);
    CHECK(bright.clipped_dark == 0);
    const PairFit drawn_edges = fit_pair(image, edges(image), 0, 0);
    CHECK(drawn_edges.clipped_dark + drawn_edges.clipped_bright == 0);
}
