// Some examples of a set, of which the others are not read.
#include "data/some_examples.h"

#include <cstdint>
#include <vector>

#include "data/picture_crops.h"
#include "data/picture_pairs.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

PictureSet three_pairs() {
    PictureSet set({"a", "b", "c"}, std::vector<PictureSize>(3, {9, 7}));
    for (std::uint32_t i = 0; i < set.size(); ++i)
        set.set(i, made_picture(9, 7, 2 * i), made_picture(9, 7, 2 * i + 1));
    return set;
}

}  // namespace

TEST_CASE("some crops of some pairs are those that all would have, and the other pairs are black") {
    const PictureCrops all(three_pairs(), 4, 2, true, 7);
    const SomeExamples some(all, {2, 3});
    REQUIRE(some.examples().crops() != nullptr);
    CHECK((some.here({3, 2}) == std::vector<std::uint32_t>{3, 2}));
    CHECK(some.examples().size() == all.size());
    for (const std::uint32_t crop : {2u, 3u}) {
        CHECK(some.examples().input(crop) == all.input(crop));
        CHECK(some.examples().target(crop) == all.target(crop));
    }
    CHECK(some.examples().input(0) == std::vector<float>(3 * 4 * 4));
}

TEST_CASE("some examples that are no crops are numbered anew") {
    const PicturePairs all(three_pairs());
    const SomeExamples some(all, {1, 2});
    CHECK(some.examples().size() == 2);
    CHECK((some.here({2, 1}) == std::vector<std::uint32_t>{1, 0}));
    for (const std::uint32_t number : {1u, 2u}) {
        CHECK(some.examples().input(number - 1) == all.input(number));
        CHECK(some.examples().target(number - 1) == all.target(number));
    }
}
