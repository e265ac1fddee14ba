#include "data/picture_pairs.h"

#include <cstddef>
#include <stdexcept>
#include <tuple>
#include <vector>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("examples are in the network's range, and their pictures as they were") {
    PicturePairs data({"a"}, 7, 5, {}, {-1, 1});
    const Image input = levels_of(made_picture(7, 5, 1)), target = grey_of(input);
    data.set(0, input, target);
    CHECK_FALSE(data.whole_levels());
    for (const auto& [values, image, back] : {std::tuple{data.input(0), &input, data.input_picture(0)},
                                              {data.target(0), &target, data.target_picture(0)}}) {
        CHECK(back.values == image->values);
        REQUIRE(values.size() == image->values.size());
        for (std::size_t i = 0; i < values.size(); ++i) {
            CHECK(values[i] == Approx(2 * image->values[i] - 1).margin(1e-6));
        }
    }
}

TEST_CASE("pixels are kept exactly, in bytes and in floats") {
    PicturePairs data({"a", "b"}, 9, 4);
    Image all = made_picture(9, 4, 0);
    for (std::size_t i = 0; i < all.values.size(); ++i) {
        all.values[i] = static_cast<float>((i * 37) % 256) / 255.0f;
    }
    const Image black = data.input_picture(1), grey = levels_of(grey_of(all));
    CHECK(black.values == std::vector<float>(all.values.size()));
    data.set(0, all, grey);
    CHECK(data.whole_levels());
    CHECK(data.input(0) == all.values);
    CHECK(data.target(0) == grey.values);
    const Image between = made_picture(9, 4, 1);
    data.set(1, all, between);
    CHECK_FALSE(data.whole_levels());
    CHECK(data.input(1) == all.values);
    CHECK(data.target_picture(1).values == between.values);
    CHECK(data.input(0) == all.values);
}

TEST_CASE("the domains of pairs add up") {
    const PicturePairs data({"a", "b", "c"}, 2, 2, {2, 1});
    CHECK(data.domain_of(1) == 0);
    CHECK(data.domain_of(2) == 1);
    CHECK_THROWS_AS(PicturePairs({"a", "b", "c"}, 2, 2, {2, 2}), std::invalid_argument);
}

TEST_CASE("a data set takes only pictures of its size") {
    const ValidatedDevice device;
    PicturePairs data({"one"}, 5, 3);
    CHECK_THROWS_AS(data.set(0, made_picture(5, 3, 0), made_picture(3, 5, 0)), std::invalid_argument);
}
