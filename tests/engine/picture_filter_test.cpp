#include "engine/picture_filter.h"

#include "filter_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Image filtered(const Network& network, const Parameters& parameters, const Image& input, std::uint32_t tile) {
    return PictureFilter(test_device(), network, parameters, {.tile = tile, .plan = InferencePlan::stack})
        .apply(input);
}

/// As for the folded plans: a few roundings of float32.
void check_against_reference(const Network& network, const Parameters& parameters, const Image& input,
                             const Image& output) {
    CHECK(worst_difference(network, parameters, input, output) <= 2e-6);
}

Network network_of(const char* activation, std::uint32_t kernel) {
    NetworkOptions options;
    options.hidden = 5;
    options.kernel = kernel;
    options.activation = activation;
    return two_layer_network(options);
}

}  // namespace

TEST_CASE("the result does not depend on the tile, bit for bit") {
    const ValidatedDevice device;
    const std::uint32_t kernel = GENERATE(1u, 3u, 7u);
    const Network network = network_of("leaky_relu", kernel);
    const Parameters parameters = worn(network, 5);
    const Image input = made_picture(131, 77, 3);
    const Image whole = filtered(network, parameters, input, 512);
    for (const std::uint32_t tile : {16u, 37u, 64u, 76u, 77u, 130u, UINT32_MAX}) {
        INFO("kernel " << kernel << ", tile " << tile);
        CHECK(same_picture(filtered(network, parameters, input, tile), whole));
    }
}

TEST_CASE("the result is the float64 reference's") {
    const ValidatedDevice device;
    const auto [activation, kernel] = GENERATE(
        table<const char*, std::uint32_t>({{"none", 3u}, {"relu", 5u}, {"leaky_relu", 1u}, {"tanh", 7u}}));
    const Network network = network_of(activation, kernel);
    const Parameters parameters = worn(network, 6);
    const Image input = made_picture(43, 29, 4);
    INFO(activation);
    check_against_reference(network, parameters, input, filtered(network, parameters, input, 13));
}

TEST_CASE("continued pictures have the float64 reference's result by every plan, whatever the tile") {
    const ValidatedDevice device;
    const auto [activation, kernel, padding, plan] =
        GENERATE(table<const char*, std::uint32_t, PicturePadding, InferencePlan>(
            {{"none", 3u, PicturePadding::edge, InferencePlan::stack},
             {"relu", 5u, PicturePadding::reflect, InferencePlan::stack},
             {"none", 3u, PicturePadding::edge, InferencePlan::folded},
             {"tanh", 5u, PicturePadding::reflect, InferencePlan::folded},
             {"leaky_relu", 1u, PicturePadding::edge, InferencePlan::folded},
             {"none", 3u, PicturePadding::reflect, InferencePlan::linear},
             {"none", 7u, PicturePadding::edge, InferencePlan::linear}}));
    Network network = network_of(activation, kernel);
    network.padding = padding;
    const Parameters parameters = worn(network, 6);
    INFO(activation << ", kernel " << kernel << ", plan " << to_string(plan));
    PictureFilter whole(*device, network, parameters, {.plan = plan});
    PictureFilter tiled(*device, network, parameters, {.tile = 9, .plan = plan});
    PictureFilter weak(*device, network, parameters, {.tile = 9, .plan = plan, .strength = 0.25f});
    for (const auto& [width, height] : {std::pair{43u, 29u}, {1u, 1u}, {2u, 17u}, {33u, 1u}}) {
        INFO(width << "x" << height);
        const Image input = made_picture(width, height, 4);
        const Image output = whole.apply(input);
        check_against_reference(network, parameters, input, output);
        CHECK(same_picture(tiled.apply(input), output));
        CHECK(worst_difference(network, parameters, input, weak.apply(input), 0.25) <= 2e-6);
        const Picture8 bytes = noise<std::uint8_t>(width, height);
        const Picture16 words = noise<std::uint16_t>(width, height);
        CHECK(same_picture(tiled.apply(bytes), whole.apply(bytes)));
        CHECK(same_picture(tiled.apply(words), whole.apply(words)));
    }
}

TEST_CASE("a continued picture in another range than 0..1 is that of 0..1") {
    const ValidatedDevice device;
    const InferencePlan plan = GENERATE(InferencePlan::stack, InferencePlan::folded);
    Network network = network_of("relu", 3);
    network.padding = PicturePadding::edge;
    network.range = {-1, 3};
    const Parameters parameters = worn(network, 7);
    const Image input = made_picture(19, 14, 4);
    Image ranged = input;
    network.range.bring_into(ranged.values);
    Image output = PictureFilter(*device, network, parameters, {.tile = 6, .plan = plan}).apply(input);
    network.range.bring_into(output.values);
    check_against_reference(network, parameters, ranged, output);
}

TEST_CASE("one filter takes pictures of any size, one after the other") {
    const ValidatedDevice device;
    const Network network = network_of("tanh", 3);
    const Parameters parameters = worn(network, 7);
    const InferencePlan plan = GENERATE(InferencePlan::stack, InferencePlan::folded);
    PictureFilter filter(*device, network, parameters, {.tile = 9, .plan = plan});
    for (const auto& [width, height] :
         {std::pair{1u, 1u}, {1u, 40u}, {33u, 1u}, {2u, 3u}, {14u, 13u}, {1u, 1u}}) {
        INFO(width << "x" << height);
        const Image input = made_picture(width, height, width);
        const Image output = filter.apply(input);
        CHECK(output.width == width);
        CHECK(output.height == height);
        check_against_reference(network, parameters, input, output);
    }
}

TEST_CASE("a single pixel can be a tile") {
    const ValidatedDevice device;
    const Network network = network_of("none", 3);
    const Parameters parameters = worn(network, 8);
    const Image input = made_picture(7, 5, 4);
    CHECK(same_picture(filtered(network, parameters, input, 1), filtered(network, parameters, input, 512)));
}

TEST_CASE("a network that changes a picture's size or colours is refused") {
    const Network shrinking{any_size(3), {Conv{"conv1", 3, 3, 1, 2}}};
    const Network colourless{any_size(3), {Conv{"conv1", 3, 1, 1}}};
    for (const Network& network : {shrinking, colourless}) {
        CHECK_THROWS_AS(PictureFilter(test_device(), network, initial_parameters(network, 1)), InputError);
    }
    const Network network = network_of("none", 3);
    CHECK_THROWS_AS(PictureFilter(test_device(), network, initial_parameters(network, 1), {.tile = 0}),
                    std::invalid_argument);
    PictureFilter filter(test_device(), network, initial_parameters(network, 1));
    CHECK_THROWS_AS(filter.apply(Image{}), std::invalid_argument);
    CHECK_THROWS_AS(filter.apply(Picture8{2, 1, {1, 2, 3}}), std::invalid_argument);
}

TEST_CASE("the plan is the one with the least work, or the one asked for") {
    const ValidatedDevice device;
    const auto filter = [&](const Network& network, InferencePlan plan) {
        return PictureFilter(*device, network, initial_parameters(network, 1), {.tile = 64, .plan = plan});
    };
    const Network linear = network_of("none", 3), relu = network_of("relu", 3);
    const Network single{any_size(3), {Conv{"conv1", 3, 3, 3}}};
    CHECK(filter(linear, InferencePlan::automatic).plan() == InferencePlan::linear);
    CHECK(filter(relu, InferencePlan::automatic).plan() == InferencePlan::folded);
    CHECK(filter(single, InferencePlan::automatic).plan() == InferencePlan::stack);
    CHECK(filter(single, InferencePlan::automatic).plan_reason() ==
          "the folded plans take networks of two layers from 3 colours to 3");
    CHECK(filter(linear, InferencePlan::folded).plan() == InferencePlan::folded);
    CHECK(filter(relu, InferencePlan::stack).plan() == InferencePlan::stack);
    CHECK(filter(relu, InferencePlan::stack).plan_reason() == "it was asked for");
    CHECK_THROWS_AS(filter(relu, InferencePlan::linear), InputError);
    CHECK_THROWS_AS(filter(single, InferencePlan::folded), InputError);
    CHECK_THROWS_AS(filter(single, InferencePlan::linear), InputError);
}

TEST_CASE("layer by layer 8-bit pictures are clamped and rounded too") {
    const ValidatedDevice device;
    const Network network{any_size(3), {Conv{"conv1", 3, 3, 3}}};
    PictureFilter filter(*device, network, worn(network, 9), {.tile = 8});
    const Picture8 input = to_picture8(made_picture(21, 10, 3));
    CHECK(filter.apply(input).rgb == to_picture8(filter.apply(to_image(input))).rgb);
}

TEST_CASE("a result that is not finite is no 8-bit picture") {
    const ValidatedDevice device;
    const Network network = network_of("relu", 3);
    Parameters parameters = worn(network, 9);
    std::fill(parameters.at("conv2.weight").values.begin(), parameters.at("conv2.weight").values.end(),
              3e38f);
    PictureFilter filter(*device, network, parameters);
    CHECK_THROWS_AS(filter.apply(to_picture8(made_picture(5, 4, 3))), WorkError);
}
