// Labelled pictures as examples.
#include "data/labelled_examples.h"

#include <stdexcept>

#include "catch.h"
#include "labelled_set.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("labelled pictures are examples whose bytes lie in the network's range") {
    LabelledPictures set = labelled_set(5, 2, 3, 2);
    set.levels[6 + 1] = 255;
    set.levels[6 + 2] = 51;
    const LabelledExamples unit(set), wide(set, {0, 255});
    CHECK(unit.size() == 5);
    CHECK(unit.input_shape() == Shape{1, 1, 2, 3});
    CHECK(unit.target_shape() == Shape{1, 1, 1, 1});
    CHECK(unit.whole_levels());
    CHECK(wide.whole_levels());
    CHECK(unit.level_range().is_unit());
    CHECK(wide.level_range() == PixelRange{0, 255});
    CHECK(unit.input(1)[1] == 1.0f);
    CHECK(unit.input(1)[2] == 0.2f);
    CHECK(wide.input(1)[1] == 255.0f);
    CHECK(wide.input(1)[2] == 51.0f);
    CHECK(unit.target(3) == std::vector<float>{1});
    CHECK(unit.levels(1)[2] == 51);
    CHECK(unit.augmentation() == nullptr);
    const LabelledExamples moved(set, {}, {.pad = 1, .seed = 5}), mirrored(set, {}, {.flip = true});
    CHECK(moved.augmentation()->pad == 1);
    CHECK(moved.augmentation()->seed == 5);
    CHECK(mirrored.augmentation()->flip);
    set.levels.pop_back();
    CHECK_THROWS_AS(LabelledExamples(set), std::invalid_argument);
}
