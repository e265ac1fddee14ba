// Networks of another range than 0..1, against float64: zeros pad their input in its own range, not in ours.
#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"
#include "engine/resident_filter.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Image in_range(Image image, const PixelRange& range) {
    range.bring_into(image.values);
    return image;
}

NetworkOptions of_range(const PixelRange& range, const char* activation, bool residual) {
    NetworkOptions network = options(5, 3, activation, NormPlacement::before, residual);
    network.range = range;
    return network;
}

/// Of the output from float64's, both in the network's range, where the reference knows no other.
double worst_in_range(const Network& network, const Parameters& parameters, const Image& input,
                      const Image& output, double strength = 1) {
    return worst_difference(network, parameters, in_range(input, network.range),
                            in_range(output, network.range), strength);
}

template <class Sample>
Image unit_picture(const Picture<Sample>& picture) {
    Image image{picture.width, picture.height, std::vector<float>(picture.rgb.size())};
    for (std::size_t i = 0; i < picture.plane(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            image.values[c * picture.plane() + i] =
                static_cast<float>(picture.rgb[3 * i + c]) / std::numeric_limits<Sample>::max();
        }
    }
    return image;
}

/// The largest difference of values, where the expected ones are clamped as a file's are.
double worst_level(const Image& found, const Image& expected) {
    double worst = 0;
    for (std::size_t i = 0; i < found.values.size(); ++i) {
        const float clamped = std::clamp(expected.values[i], 0.0f, 1.0f);
        worst = std::max(worst, static_cast<double>(std::abs(found.values[i] - clamped)));
    }
    return worst;
}

}  // namespace

TEST_CASE("a network of any range is applied as float64 does, to the picture's edges") {
    const ValidatedDevice device;
    const PixelRange range = GENERATE(PixelRange{-1, 1}, PixelRange{0, 255}, PixelRange{-0.25f, 2});
    const bool residual = range.high != 255;
    struct Case {
        const char* activation;
        InferencePlan plan;
    };
    for (const auto& [activation, plan] : {Case{"none", InferencePlan::linear},
                                           {"tanh", InferencePlan::folded},
                                           {"relu", InferencePlan::stack}}) {
        INFO(to_string(range) << " " << to_string(plan) << (residual ? " residual" : ""));
        const Network network = two_layer_network(of_range(range, activation, residual));
        const Parameters parameters = worn(network, 12);
        PictureFilter filter(*device, network, parameters,
                             {.tile = 24, .plan = plan, .tiles = quick_tiles()});
        const Image input = made_picture(41, 27, 3);
        CHECK(worst_in_range(network, parameters, input, filter.apply(input)) <= 2e-6);
        const Picture8 bytes = noise<std::uint8_t>(41, 27);
        const Picture16 words = noise<std::uint16_t>(41, 27);
        CHECK(worst_level(unit_picture(filter.apply(bytes)), filter.apply(unit_picture(bytes))) <=
              0.5001 / 255);
        CHECK(worst_level(unit_picture(filter.apply(words)), filter.apply(unit_picture(words))) <=
              0.51 / 65535);

        PictureFilter half(*device, network, parameters,
                           {.plan = plan, .tiles = quick_tiles(), .strength = 0.5f});
        CHECK(worst_in_range(network, parameters, input, half.apply(input), 0.5) <= 2e-6);
        PictureFilter nothing(*device, network, parameters,
                              {.plan = plan, .tiles = quick_tiles(), .strength = 0});
        CHECK(same_picture(nothing.apply(bytes), bytes));
        CHECK(same_picture(nothing.apply(words), words));
    }
}

TEST_CASE("what a network of another range makes of a picture is shown in 0..1") {
    const ValidatedDevice device;
    const Network network = two_layer_network(of_range({-1, 1}, "tanh", true));
    const Parameters parameters = worn(network, 13);
    ResidentFilter filter(*device, network, parameters);
    const Image input = made_picture(19, 11, 5);
    const auto picture = filter.hold(input);
    const auto shown = [&](const PixelPlanes& planes) {
        filter.finish();
        const auto all =
            planes.range.buffer->download<float>(planes.range.size / sizeof(float), planes.range.offset);
        Image image = input;
        for (std::uint32_t c = 0; c < 3; ++c) {
            for (std::uint32_t y = 0; y < planes.height; ++y) {
                for (std::uint32_t x = 0; x < planes.width; ++x) {
                    const float value = all[planes.offset + c * planes.plane + y * planes.pitch + x];
                    image.at(c, y, x) = value * planes.factor + planes.shift;
                }
            }
        }
        return image;
    };
    CHECK(worst_level(shown(picture->input()), input) <= 1e-6);
    filter.run(*picture);
    CHECK(worst_in_range(network, parameters, input, shown(picture->output())) <= 2e-6);

    filter.run_as_batch(*picture);
    const Image moved = in_range(input, network.range);
    const auto x = reference::tensor_from_floats({1, 3, input.height, input.width}, moved.values);
    const auto expected = reference::NetworkRun(network, parameters).evaluate(x, x).points.back();
    const Image found = in_range(shown(picture->output()), network.range);
    double worst = 0;
    for (std::size_t i = 0; i < found.values.size(); ++i) {
        worst = std::max(worst, std::abs(static_cast<double>(found.values[i]) - expected.values[i]));
    }
    CHECK(worst <= 2e-5);
}
