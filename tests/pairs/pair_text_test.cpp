#include "pairs/pair_text.h"

#include "catch.h"
#include "pair_scene.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("shifts, turns and scales are told as people say them") {
    CHECK(shift_text(3, -2) == "3.0 pixels to the right and 2.0 up");
    CHECK(shift_text(-1.26, 0.01) == "1.3 pixels to the left");
    CHECK(shift_text(0, 0.5) == "0.5 pixels down");
    PairPlacement placement;
    placement.mirrored = true;
    CHECK(turn_text(placement) == "mirrored left to right");
    placement.quarter_turns = 3;
    CHECK(turn_text(placement) == "mirrored left to right, then turned by 270 degrees");
    CHECK(scale_text(1.0094) == "1.009 times");
    CHECK(scale_text(0.5) == "0.50 times");
}

TEST_CASE("a look at a pair is told in a line") {
    const Image image = sample_pictures()[1].image;
    CHECK(describe(look_at_pair(image, negative(image))) ==
          "256x256; the target lies on the input; its own fit errs by 0.0 grey levels");
    CHECK(describe(look_at_pair(image, image)) == "256x256; the target is the input");
    CHECK_THAT(describe(look_at_pair(image, shifted(image, 0, 3))),
               ContainsSubstring("the target lies 3.0 pixels down"));
    CHECK_THAT(describe(look_at_pair(image, mirrored(image))),
               ContainsSubstring("the target is mirrored left to right"));
    PairLook look = look_at_pair(image, resize(image, 128, 128));
    look.bits = 16;
    CHECK_THAT(describe(look),
               ContainsSubstring("256x256 before and 128x128 after, 16 bits before and 8 after") &&
                   ContainsSubstring("things are 0.50 times as large"));
    look.problem = "x.png: is empty";
    CHECK(describe(look) == "x.png: is empty");
}
