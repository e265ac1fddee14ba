// Pairs of pictures of unequal sizes.
#include "data/picture_set.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "data/picture_pairs.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a set keeps pictures of unequal sizes exactly, in bytes and in floats") {
    PictureSet set({"a", "b"}, {{9, 4}, {5, 7}}, {1, 1});
    CHECK(set.size() == 2);
    CHECK(set.smallest_side() == 4);
    CHECK_FALSE(set.of_one_size());
    CHECK(set.domain_of(0) == 0);
    CHECK(set.domain_of(1) == 1);
    CHECK(set.input(1) == std::vector<float>(105));
    const Image levels = levels_of(made_picture(9, 4, 0)), between = made_picture(5, 7, 1);
    set.set(0, levels, levels_of(grey_of(levels)));
    CHECK(set.whole_levels());
    CHECK(set.input_pixels(0)->index() == 0);
    CHECK(set.input(0) == levels.values);
    CHECK(set.target_picture(0).values == levels_of(grey_of(levels)).values);
    set.set(1, levels_of(between), between);
    CHECK_FALSE(set.whole_levels());
    CHECK(set.input_pixels(1)->index() == 0);
    CHECK(set.target_pixels(1)->index() == 1);
    CHECK(set.target_picture(1).width == 5);
    CHECK(set.target(1) == between.values);
}

TEST_CASE("a set takes only pictures of the sizes that it was made for") {
    PictureSet set({"a", "b"}, {{9, 4}, {5, 7}});
    CHECK_THROWS_AS(set.set(1, made_picture(9, 4, 0), made_picture(9, 4, 0)), std::invalid_argument);
    CHECK_THROWS_AS(set.set(0, made_picture(9, 4, 0), made_picture(4, 9, 0)), std::invalid_argument);
    CHECK_THROWS_AS(PictureSet({"a", "b"}, {{9, 4}}), std::invalid_argument);
    CHECK_THROWS_AS(PictureSet({"a", "b"}, {{9, 4}, {5, 7}}, {1, 2}), std::invalid_argument);
    CHECK_THROWS_AS(PicturePairs(std::move(set)), std::invalid_argument);
}
