// The interval of a share that was counted.
#include "base/wilson.h"

#include "catch.h"

using namespace shadenet;

TEST_CASE("Wilson's interval of a share") {
    // By the formula in float64, written anew.
    const Interval half = wilson_interval(5, 10), most = wilson_interval(9721, 10000);
    CHECK(half.low == Approx(0.2365931).epsilon(1e-6));
    CHECK(half.high == Approx(0.7634069).epsilon(1e-6));
    CHECK(most.low == Approx(0.9686865).epsilon(1e-6));
    CHECK(most.high == Approx(0.9751510).epsilon(1e-6));
    CHECK(wilson_interval(0, 10).low == 0);
    CHECK(wilson_interval(10, 10).high == 1);
    CHECK(wilson_interval(10, 10).low == Approx(0.7224672).epsilon(1e-6));
}
