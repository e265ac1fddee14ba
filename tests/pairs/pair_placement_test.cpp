#include "pairs/pair_placement.h"

#include <cmath>

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

using Kind = PairPlacement::Kind;

TEST_CASE("whatever a filter does to colours and edges, its target lies on the input") {
    const Filter filters[] = {negative, blurred, curved};
    for (const Sample& sample : sample_pictures()) {
        for (const Filter& filter : filters) {
            INFO(sample.name);
            const PairPlacement placement = find_placement(sample.image, filter(sample.image));
            CHECK(placement.is_shift_only());
            CHECK(std::hypot(placement.x, placement.y) < 0.3);
        }
        const PairPlacement placement = find_placement(sample.image, edges(sample.image));
        CHECK(placement.is_upright());
    }
}

TEST_CASE("a shift is told to a part of a pixel") {
    for (const Sample& sample : sample_pictures()) {
        for (const auto& [dx, dy] :
             {std::pair{1, 0}, std::pair{-3, 2}, std::pair{0, 17}, std::pair{60, -40}}) {
            INFO(sample.name << " " << dx << " " << dy);
            const PairPlacement placement =
                find_placement(sample.image, negative(shifted(sample.image, dx, dy)));
            REQUIRE(placement.is_shift_only());
            CHECK(std::abs(placement.x - dx) < 0.1);
            CHECK(std::abs(placement.y - dy) < 0.1);
        }
    }
}

TEST_CASE("pictures that are turned, mirrored or both are known") {
    for (const Sample& sample : sample_pictures()) {
        INFO(sample.name);
        Image image = sample.image, other = image;
        for (unsigned quarters = 1; quarters < 4; ++quarters) {
            other = turned_image(other);
            const PairPlacement placement = find_placement(image, curved(other));
            CHECK(placement.kind == Kind::found);
            CHECK(placement.quarter_turns == quarters);
            CHECK_FALSE(placement.mirrored);
        }
        const PairPlacement mirror = find_placement(image, curved(mirrored(image)));
        CHECK(mirror.quarter_turns == 0);
        CHECK(mirror.mirrored);
        const PairPlacement both = find_placement(image, turned_image(mirrored(image)));
        CHECK(both.quarter_turns == 1);
        CHECK(both.mirrored);
    }
    const Image wide =
        drawn(200, 90, [image = sample_pictures()[1].image](std::uint32_t c, std::int64_t y, std::int64_t x) {
            return pixel(image, c, y, x);
        });
    CHECK(find_placement(wide, turned_image(wide)).quarter_turns == 1);
}

TEST_CASE("another crop and another scale are told apart from a shift, with their factor") {
    for (const Sample& sample : sample_pictures("pairs/input", true)) {
        for (const double share : {0.99, 0.9, 0.75}) {
            INFO(sample.name << " " << share);
            const PairPlacement placement =
                find_placement(sample.image, curved(cropped(sample.image, share)));
            CHECK(placement.is_upright());
            CHECK(std::abs(placement.scale * share - 1) < 0.02);
        }
    }
    const Image image = sample_pictures().front().image;
    const PairPlacement half = find_placement(image, resize(image, 128, 128));
    CHECK(half.kind == Kind::found);
    CHECK(std::abs(half.scale - 0.5) < 0.02);
}

TEST_CASE("pictures of different things lie nowhere, and flat and small ones cannot be told") {
    const std::vector<Sample> all = sample_pictures();
    for (std::size_t i = 0; i < all.size(); ++i) {
        INFO(all[i].name);
        CHECK(find_placement(all[i].image, all[(i + 1) % all.size()].image).kind == Kind::foreign);
    }
    const Image flat = drawn(256, 256, [](std::uint32_t, std::int64_t, std::int64_t) { return 0.5f; });
    CHECK(find_placement(flat, all[0].image).kind == Kind::unknown);
    CHECK(find_placement(all[0].image, flat).kind == Kind::unknown);
    const Image small =
        drawn(least_placed_side - 1, 300,
              [&](std::uint32_t c, std::int64_t y, std::int64_t x) { return pixel(all[0].image, c, y, x); });
    CHECK(find_placement(small, small).kind == Kind::unknown);
}
