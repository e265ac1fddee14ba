// The plans of inference against each other and against float64.
#include <algorithm>
#include <cmath>

#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr auto before = NormPlacement::before, after = NormPlacement::after, none = NormPlacement::none;

}  // namespace

TEST_CASE("the folded plans give the float64 reference's result for pictures of any shape") {
    const ValidatedDevice device;
    const auto [hidden, kernel, activation, norm, residual] =
        GENERATE(table<std::uint32_t, std::uint32_t, const char*, NormPlacement, bool>({
            {16u, 3u, "none", before, true},
            {31u, 3u, "none", none, false},
            {16u, 3u, "relu", before, true},
            {31u, 3u, "tanh", after, false},
            {1u, 3u, "leaky_relu", none, true},
            {16u, 1u, "none", after, true},
            {4u, 1u, "relu", after, false},
            {4u, 5u, "none", after, true},
            {4u, 5u, "leaky_relu", before, false},
            {1u, 7u, "none", before, true},
            {4u, 7u, "tanh", after, true},
        }));
    const Network network = two_layer_network(options(hidden, kernel, activation, norm, residual));
    const Parameters parameters = worn(network, 3);
    INFO(hidden << " hidden, kernel " << kernel << ", " << activation);
    const bool linear = std::string(activation) == "none";
    PictureFilter fast(*device, network, parameters);
    CHECK(fast.plan() == (linear ? InferencePlan::linear : InferencePlan::folded));
    std::optional<PictureFilter> folded;
    if (linear)
        folded.emplace(*device, network, parameters,
                       FilterOptions{.tile = 50, .plan = InferencePlan::folded});
    for (const auto& [width, height] : {std::pair{1u, 1u}, {1u, 9u}, {2u, 300u}, {19u, 13u}, {67u, 130u}}) {
        INFO(width << "x" << height);
        const Image input = made_picture(width, height, 4);
        CHECK(worst_difference(network, parameters, input, fast.apply(input)) <= 2e-6);
        if (folded) CHECK(worst_difference(network, parameters, input, folded->apply(input)) <= 2e-6);
    }
}

TEST_CASE("values far from 0..1 are filtered alike") {
    const ValidatedDevice device;
    const char* activation = GENERATE("none", "relu");
    const Network network = two_layer_network(options(16, 3, activation, before, true));
    const Parameters parameters = worn(network, 4);
    Image input = made_picture(41, 23, 5);
    for (float& value : input.values) value = 10 + 200 * (value - 0.5f);
    PictureFilter filter(*device, network, parameters);
    CHECK(worst_difference(network, parameters, input, filter.apply(input)) <= 2e-6);
}

TEST_CASE("8-bit pictures are filtered as floats are, clamped and rounded, exactly") {
    const ValidatedDevice device;
    const auto [kernel, activation, norm] =
        GENERATE(table<std::uint32_t, const char*, NormPlacement>({{3u, "none", before},
                                                                   {3u, "tanh", after},
                                                                   {1u, "relu", before},
                                                                   {5u, "none", none},
                                                                   {7u, "relu", none}}));
    const Network network = two_layer_network(options(4, kernel, activation, norm, true));
    const Parameters parameters = worn(network, 5);
    INFO("kernel " << kernel << ", " << activation);
    PictureFilter filter(*device, network, parameters, {.tile = 40});
    for (const auto& [width, height] : {std::pair{1u, 1u}, {3u, 2u}, {97u, 61u}, {2u, 85u}}) {
        INFO(width << "x" << height);
        const Picture8 input = noise<std::uint8_t>(width, height);
        const Picture8 output = filter.apply(input);
        CHECK(same_picture(output, to_picture8(filter.apply(to_image(input)))));
        if (width > 3) {  // some values were clamped, most were not
            CHECK(std::count(output.rgb.begin(), output.rgb.end(), 0) > 0);
            CHECK(std::count(output.rgb.begin(), output.rgb.end(), 255) > 0);
        }
    }
}

TEST_CASE("all 256 levels pass unchanged through a network that adds nothing") {
    const ValidatedDevice device;
    const char* activation = GENERATE("none", "relu");
    const Network network = two_layer_network(options(4, 3, activation, none, true));
    Parameters parameters = initial_parameters(network, 1);
    for (NamedTensor& tensor : parameters.tensors())
        std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
    Picture8 levels{32, 8, std::vector<std::uint8_t>(768)};
    for (std::size_t i = 0; i < levels.rgb.size(); ++i) levels.rgb[i] = static_cast<std::uint8_t>(i / 3);
    PictureFilter filter(*device, network, parameters);
    CHECK(same_picture(filter.apply(levels), levels));
}

TEST_CASE("values on both sides of every half are rounded as the host rounds them") {
    const ValidatedDevice device;
    // A network of one pixel whose result is its bias, and a bias for every half: the halves of 255 steps,
    // where a float product with 255 would round to the wrong side, and their neighbours.
    const Network network = two_layer_network(options(1, 1, "none", none, false));
    Parameters parameters = initial_parameters(network, 1);
    for (NamedTensor& tensor : parameters.tensors())
        std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
    const Picture8 pixel{1, 1, {7, 8, 9}};
    for (int level = -1; level < 256; level += 5) {
        const float half = static_cast<float>((level + 0.5) / 255);
        parameters.at("conv2.bias").values = {std::nextafter(half, -1.0f), half, std::nextafter(half, 2.0f)};
        PictureFilter filter(*device, network, parameters);
        INFO(level);
        CHECK(same_picture(filter.apply(pixel), to_picture8(filter.apply(to_image(pixel)))));
    }
}

TEST_CASE("the ring of a linear network's picture is that of two layers, pixel by pixel") {
    const ValidatedDevice device;
    const std::uint32_t kernel = GENERATE(3u, 5u, 7u);
    const Network network = two_layer_network(options(4, kernel, "none", before, true));
    const Parameters parameters = worn(network, 6);
    // Nothing but bias: on the ring some of it is missing, and one convolution alone would not miss it.
    Image input{83, 21, std::vector<float>(std::size_t{3} * 83 * 21, 0.0f)};
    PictureFilter filter(*device, network, parameters, {.tile = 19});
    REQUIRE(filter.plan() == InferencePlan::linear);
    const Image output = filter.apply(input);
    CHECK(worst_difference(network, parameters, input, output) <= 1e-6);
    const std::uint32_t ring = (kernel - 1) / 2;
    const float inside = output.at(0, 10, 40);
    for (std::uint32_t i = 0; i < 21; ++i) {
        CHECK(std::abs(output.at(0, i, ring - 1) - inside) > 1e-4f);
        CHECK(std::abs(output.at(0, i, 83 - ring) - inside) > 1e-4f);
    }
    for (std::uint32_t i = ring; i < 21 - ring; ++i) {
        CHECK(std::abs(output.at(0, i, ring) - inside) < 1e-6f);
        CHECK(std::abs(output.at(0, i, 82 - ring) - inside) < 1e-6f);
    }
}

TEST_CASE("no tile changes a bit of a picture, in 8 bits or in floats") {
    const ValidatedDevice device;
    const char* activation = GENERATE("none", "leaky_relu");
    const Network network = two_layer_network(options(4, 3, activation, before, true));
    const Parameters parameters = worn(network, 7);
    const Picture8 bytes = noise<std::uint8_t>(90, 37);
    const Image floats = made_picture(90, 37, 8);
    PictureFilter whole(*device, network, parameters);
    const Picture8 whole_bytes = whole.apply(bytes);
    const Image whole_floats = whole.apply(floats);
    for (const std::uint32_t tile : {1u, 7u, 33u, 64u, 89u}) {
        INFO(activation << ", tile " << tile);
        PictureFilter tiled(*device, network, parameters, {.tile = tile});
        CHECK(same_picture(tiled.apply(bytes), whole_bytes));
        CHECK(same_picture(tiled.apply(floats), whole_floats));
    }
}

TEST_CASE("large pictures do not depend on the tile either") {
    const ValidatedDevice device;
    const Network network = two_layer_network({});
    const Parameters parameters = worn(network, 9);
    const Picture8 input = noise<std::uint8_t>(4099, 2053);
    const Picture8 output = PictureFilter(*device, network, parameters, {.tile = 2048}).apply(input);
    for (const std::uint32_t tile : {501u, 1024u}) {
        INFO("tile " << tile);
        CHECK(same_picture(PictureFilter(*device, network, parameters, {.tile = tile}).apply(input), output));
    }
}

TEST_CASE("how the work is cut changes no bit, but for where the linear plan's ring ends") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(4, 3, "relu", after, true));
    const Parameters parameters = worn(network, 10);
    const Picture8 input = noise<std::uint8_t>(75, 40);
    const auto filtered = [&](const FoldedTile& tile) {
        return PictureFilter(*device, network, parameters, {.tile = 64, .tiles = FoldedTiles{tile, tile}})
            .apply(input);
    };
    const FoldedTile gpu = default_folded_tiles(DeviceKind::discrete, 3).two_layer;
    const Picture8 output = filtered(gpu);
    for (const FoldedTile& tile : {FoldedTile{8, 1, 8, true, false}, {16, 128, 16, false, false}}) {
        CHECK(same_picture(filtered(tile), output));
    }
    const Network line = two_layer_network(options(4, 3, "none", after, true));
    const Parameters worn_line = worn(line, 11);
    const Image floats = made_picture(75, 40, 2);
    for (const bool held : {false, true}) {
        FoldedTile tile = gpu;
        tile.held = held;
        PictureFilter filter(*device, line, worn_line,
                             {.tile = 64, .plan = InferencePlan::linear, .tiles = FoldedTiles{tile, tile}});
        CHECK(worst_difference(line, worn_line, floats, filter.apply(floats)) <= 2e-6);
    }
}
