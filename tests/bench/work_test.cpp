#include "bench/work.h"

#include "base/error.h"
#include "catch.h"
#include "model/presets.h"

using namespace shadenet;

namespace {

constexpr FusedTiles tiles = {.forward = {.strip = 4, .block_rows = 2, .local_size = 8, .texels = false},
                              .backward = {.strip = 3, .block_rows = 8, .local_size = 8, .texels = false}};

}  // namespace

TEST_CASE("the work of the reference network is what counting by hand gives") {
    const NetworkWork work = count_work(two_layer_network({}), {2, 3, 5, 7});
    const double pixels = 2 * 5 * 7, conv = 3 * 16 * 9;  // multiply-adds of a pixel, in either layer
    CHECK(work.inference == 2 * pixels * 2 * conv);
    // Forward and gradient of the weights for both, gradient of the input for the second alone.
    CHECK(work.training_step == 2 * pixels * 5 * conv);
}

TEST_CASE("the work of a stride is that of the smaller result") {
    const Network network{
        any_size(3), {Conv{.name = "conv1", .in_channels = 3, .out_channels = 4, .kernel = 5, .stride = 2}}};
    CHECK(count_work(network, {1, 3, 9, 7}).inference == 2.0 * (5 * 4) * 4 * (3 * 25));
    CHECK_THROWS_AS(count_work(network, {1, 2, 9, 7}), InputError);
}

TEST_CASE("the work of dense layers is counted too, of a first one without its input's gradient") {
    const Network network{{0, 2, 5, 3}, {Dense{"fc1", 30, 7}, Dropout{0.5f}, Dense{"fc2", 7, 4}, Average{}}};
    const NetworkWork work = count_work(network, {6, 2, 5, 3});
    CHECK(work.inference == 2.0 * 6 * (30 * 7 + 7 * 4));
    CHECK(work.training_step == 2.0 * 6 * (2 * 30 * 7 + 3 * 7 * 4));
}

TEST_CASE("the layers of the stack plan together do what the network needs") {
    const Network network = two_layer_network({.hidden = 5, .kernel = 5});
    const Shape input{3, 3, 9, 7};
    const auto layers = count_layers(network, input);
    const double pass = 2.0 * (3 * 9 * 7) * (3 * 5 * 25);  // of either layer
    CHECK(layers.at({"conv1", Pass::forward}) == pass);
    CHECK_FALSE(layers.contains({"conv1", Pass::input_gradient}));
    CHECK(layers.at({"conv2", Pass::input_gradient}) == pass);
    CHECK(layers.at({"conv2", Pass::weight_gradient}) == pass);
    double all = 0;
    for (const auto& [layer, operations] : layers) all += operations;
    CHECK(all == count_work(network, input).training_step);
}

TEST_CASE("the fused passes are counted with what their threads compute beyond their own") {
    // 7 columns are two strips of 4 and three of 3; 5 rows are three blocks of 2 and one of 8.
    const auto kernels = count_fused(two_layer_network({}), {2, 3, 5, 7}, tiles);
    const double images = 2, conv = 27 * 16, pictures = images * 5 * 7 * 4 * (1 + 1 + 3);
    const Work& forward = kernels.at("fused_forward");
    const double rows = 5 + 2 * 2;  // two seams between blocks, of two rows each
    CHECK(forward.operations == 2 * conv * images * rows * (2 * (4 + 2) + 2 * 4));
    CHECK(forward.bytes == pictures + images * (2 * 3) * 3 * 7 * 4);
    const Work& backward = kernels.at("fused_backward");
    CHECK(backward.operations == 8 * conv * images * 5 * (3 * 3));
    CHECK(backward.bytes == pictures + images * (3 * 1) * (16 * (27 + 1 + 27) + 1) * 4);
}

TEST_CASE("the fused passes of pictures that their tiles fit do little more than the network needs") {
    FusedTiles large = tiles;
    large.forward.strip = large.backward.strip = 64;
    large.forward.block_rows = large.backward.block_rows = 64;
    const Shape input{1, 3, 64, 64};
    const auto kernels = count_fused(two_layer_network({}), input, large);
    const NetworkWork needed = count_work(two_layer_network({}), input);
    CHECK(kernels.at("fused_forward").operations == Approx(needed.inference).epsilon(0.02));
    // conv1 and its activation are computed again: six passes in all where five are needed.
    const double both = kernels.at("fused_forward").operations + kernels.at("fused_backward").operations;
    CHECK(both == Approx(needed.training_step * 6 / 5).epsilon(0.01));
}
