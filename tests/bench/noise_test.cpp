#include "bench/noise.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "catch.h"
#include "model/network_text.h"
#include "model/presets.h"

using namespace shadenet;

namespace {

Noise noise_for(const char* text, const Shape& input) {
    return {parse_network(text, "a test"), input};
}

}  // namespace

TEST_CASE("noise for a network with one pixel of several channels is labels of its classes") {
    const Noise noise = noise_for("input 2x3x4, dense 3", {40, 2, 3, 4});
    REQUIRE(noise.has_labels());
    CHECK(noise.loss().takes_labels);
    CHECK(noise.input(0).size() == 2 * 3 * 4);
    CHECK(noise.target_shape() == Shape{1, 1, 1, 1});
    std::set<float> labels;
    for (std::uint32_t i = 0; i < noise.size(); ++i) {
        REQUIRE(noise.target(i).size() == 1);
        labels.insert(noise.target(i).front());
    }
    CHECK(labels == std::set<float>{0, 1, 2});
}

TEST_CASE("noise for any other network has its result's shape") {
    const Noise maps = noise_for("input 2, conv 5 3x3 stride 2", {2, 2, 9, 7});
    CHECK_FALSE(maps.has_labels());
    CHECK_FALSE(maps.loss().takes_labels);
    CHECK(maps.target(1).size() == 5 * 5 * 4);
    CHECK_FALSE(noise_for("input 4x1x1, dense 1", {2, 4, 1, 1}).has_labels());
    // A filter makes one pixel of a picture of one pixel, and is none the less a filter.
    CHECK_FALSE(Noise(two_layer_network({}), {2, 3, 1, 1}).has_labels());
    CHECK_THROWS_AS(noise_for("input 3, conv 3 5x5 valid", {1, 3, 4, 4}), InputError);
}

TEST_CASE("noise is whole levels of the network's range, and the same each time") {
    const Noise unit = noise_for("input 1, conv 1 1x1", {1, 1, 16, 16});
    CHECK(unit.whole_levels());
    CHECK(std::ranges::all_of(unit.input(0), is_whole_level));
    CHECK(unit.input(0) == unit.input(0));
    CHECK(unit.input(0) != unit.target(0));
    const Noise wide = noise_for("input 1 scale 255, conv 1 1x1", {1, 1, 16, 16});
    CHECK_FALSE(wide.whole_levels());
    CHECK(std::ranges::max(wide.input(0)) > 200.0f);
}

TEST_CASE("filters are told from other networks") {
    CHECK(filters_pictures(two_layer_network({})));
    for (const char* other : {"input 1, conv 1 3x3", "input 3, conv 4 3x3", "input 3x8x8, conv 3 3x3",
                              "input 3, conv 3 3x3 stride 2", "input 3, average"}) {
        CHECK_FALSE(filters_pictures(parse_network(other, "a test")));
    }
}
