// Pictures that stay on the device, against PictureFilter and against training's own forward pass in float64.
#include "engine/resident_filter.h"

#include <cmath>

#include "base/error.h"
#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"
#include "model/network_text.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// What the device holds, as a host's picture.
Image downloaded(ResidentFilter& filter, const PixelPlanes& planes) {
    filter.finish();
    const std::vector<float> all =
        planes.range.buffer->download<float>(planes.range.size / sizeof(float), planes.range.offset);
    Image image{planes.width, planes.height, {}};
    for (std::uint32_t c = 0; c < 3; ++c) {
        for (std::uint32_t y = 0; y < planes.height; ++y) {
            const auto row =
                all.begin() + planes.offset + std::size_t{c} * planes.plane + std::size_t{y} * planes.pitch;
            image.values.insert(image.values.end(), row, row + planes.width);
        }
    }
    return image;
}

/// Evaluates in training mode, in float64; the last point is the output.
double worst_of_batch(const Network& network, const Parameters& parameters, const Image& input,
                      const Image& output) {
    const reference::Tensor x =
        reference::tensor_from_floats({1, 3, input.height, input.width}, input.values);
    const auto evaluated = reference::NetworkRun(network, parameters).evaluate(x, x);
    double worst = 0;
    for (std::size_t i = 0; i < output.values.size(); ++i) {
        const double difference = std::abs(output.values[i] - evaluated.points.back().values[i]);
        if (!(difference <= worst)) worst = difference;
    }
    return worst;
}

}  // namespace

TEST_CASE("a picture that stays on the device becomes what PictureFilter makes of it") {
    const ValidatedDevice device;
    const char* activation = GENERATE("none", "tanh");
    INFO(activation);
    Network network = two_layer_network(options(6, 3, activation, NormPlacement::before, true));
    network.padding = GENERATE(PicturePadding::zero, PicturePadding::edge);
    const Parameters first = worn(network, 3), second = worn(network, 4);
    ResidentFilter filter(*device, network, first);
    for (const auto& [width, height] : {std::pair{37u, 21u}, {1u, 1u}, {5u, 70u}}) {
        INFO(width << " x " << height);
        const Image input = made_picture(width, height, 5);
        const auto picture = filter.hold(input);
        CHECK(same_picture(downloaded(filter, picture->input()), input));
        filter.set(first);
        filter.run(*picture);
        CHECK(same_picture(downloaded(filter, picture->output()),
                           PictureFilter(*device, network, first).apply(input)));
        filter.set(second);
        filter.run(*picture);
        CHECK(same_picture(downloaded(filter, picture->output()),
                           PictureFilter(*device, network, second).apply(input)));
    }
}

TEST_CASE("a picture as a batch of one is normalised by its own statistics") {
    const ValidatedDevice device;
    Network network = two_layer_network(options(5, 3, "relu", NormPlacement::before, true));
    network.padding = GENERATE(PicturePadding::zero, PicturePadding::reflect);
    const Parameters parameters = worn(network, 8);
    ResidentFilter filter(*device, network, parameters);
    for (const auto& [width, height] : {std::pair{33u, 18u}, {7u, 9u}}) {
        const Image input = made_picture(width, height, 6);
        const auto picture = filter.hold(input);
        REQUIRE(filter.takes_as_batch(*picture));
        filter.run_as_batch(*picture);
        const Image output = downloaded(filter, picture->output());
        CHECK(worst_of_batch(network, parameters, input, output) < 2e-5);
        // Its statistics are far from the moving ones.
        CHECK(worst_difference(network, parameters, input, output) > 0.01);
        filter.run(*picture);
        CHECK(same_picture(downloaded(filter, picture->output()),
                           PictureFilter(*device, network, parameters).apply(input)));
    }
}

TEST_CASE("pictures that are too large for one call are refused") {
    const ValidatedDevice device;
    const Network network = two_layer_network(options(4, 3, "none", NormPlacement::before, true));
    ResidentFilter filter(*device, network, initial_parameters(network, 1));
    CHECK(ResidentFilter::takes(*device, network, 1024, 1024));
    CHECK_FALSE(ResidentFilter::takes(*device, network, 0, 10));
    CHECK_FALSE(ResidentFilter::takes(*device, network, 40'000, 40'000));
    CHECK_FALSE(ResidentFilter::takes(*device, network, UINT32_MAX, UINT32_MAX));
    CHECK_THROWS_AS(filter.hold({1u << 25, 1, {}}), InputError);
    const Network wide = two_layer_network(options(1024, 7, "none", NormPlacement::before, true));
    CHECK_FALSE(ResidentFilter::takes(*device, wide, 1024, 1024));
    CHECK(ResidentFilter::takes(*device, wide, 1, 1));
}

TEST_CASE("pictures are refused whose feature maps take too much memory with their gradients") {
    const ValidatedDevice device;
    const auto takes = [&](int norms) {
        std::string text = "input 3, conv 3 1x1";
        for (int i = 0; i < norms; ++i) text += ", norm";
        return ResidentFilter::takes(*device, parse_network(text, ""), 1400, 1400);
    };
    // A map takes 30 MiB, and one for each layer is kept, beside two of gradients.
    CHECK(takes(28));
    CHECK_FALSE(takes(40));
}

TEST_CASE("a network that does not keep pictures is not shown") {
    const ValidatedDevice device;
    for (const char* text :
         {"input 3, conv 1 3x3", "input 3, conv 3 3x3 stride 2", "input 3, conv 3 3x3 valid"}) {
        const Network network = parse_network(text, "");
        CHECK(contains(
            message_of<InputError>([&] { ResidentFilter(*device, network, initial_parameters(network, 1)); }),
            "only networks that keep a picture's size and its 3 colours"));
    }
}

TEST_CASE("any other network stays on the device too, and is run layer by layer") {
    const ValidatedDevice device;
    const Network deeper = parse_network(
        "input 3, conv 5 3x3, norm, relu, conv 4 5x5, norm, tanh, conv 3 1x1, norm, add input", "");
    const Parameters first = worn(deeper, 3), second = worn(deeper, 4);
    ResidentFilter filter(*device, deeper, first);
    const Image input = made_picture(37, 21, 5);
    const auto picture = filter.hold(input);
    for (const Parameters* const parameters : {&first, &second}) {
        filter.set(*parameters);
        filter.run(*picture);
        CHECK(same_picture(downloaded(filter, picture->output()),
                           PictureFilter(*device, deeper, *parameters).apply(input)));
    }
    CHECK(filter.takes_as_batch(*picture));
    CHECK_FALSE(ResidentFilter::takes(*device, deeper, 40'000, 40'000));
    const Network wide = parse_network("input 3, conv 1024 3x3, conv 1024 3x3, conv 3 3x3", "");
    CHECK_FALSE(ResidentFilter::takes(*device, wide, 1024, 1024));
    CHECK(ResidentFilter::takes(*device, wide, 1, 1));
}
