#include "bench/work.h"

#include "base/error.h"
#include "catch.h"

using namespace shadenet;

TEST_CASE("the work of the reference network is what counting by hand gives") {
    const Work work = count_work(two_layer_network({}), {2, 3, 5, 7});
    const double pixels = 2 * 5 * 7, conv = 3 * 16 * 9;  // multiply-adds of a pixel, in either layer
    CHECK(work.inference == 2 * pixels * 2 * conv);
    // Forward and gradient of the weights for both, gradient of the input for the second alone.
    CHECK(work.training_step == 2 * pixels * 5 * conv);
}

TEST_CASE("the work of a stride is that of the smaller result") {
    const Architecture network{
        3, {Conv{.name = "conv1", .in_channels = 3, .out_channels = 4, .kernel = 5, .stride = 2}}};
    CHECK(count_work(network, {1, 3, 9, 7}).inference == 2.0 * (5 * 4) * 4 * (3 * 25));
    CHECK_THROWS_AS(count_work(network, {1, 2, 9, 7}), InputError);
}
