#include "apply/spot_check.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "check/device_data.h"
#include "engine/picture_filter.h"
#include "failing_stream.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// A white page with noise of one level, and a black dot where no spread pixel or corner lies.
Picture8 noisy_page(bool dot) {
    Picture8 page{90, 70, std::vector<std::uint8_t>(std::size_t{3} * 90 * 70, 255)};
    std::mt19937_64 random = random_stream(4, 1);
    for (std::uint8_t& value : page.rgb) value = static_cast<std::uint8_t>(value - random() % 2);
    if (dot) std::fill_n(page.rgb.begin() + 3 * (33 * 90 + 47), 3, std::uint8_t{0});
    return page;
}

Picture8 plain(const Picture8& like, std::uint8_t level) {
    return {like.width, like.height, std::vector<std::uint8_t>(like.rgb.size(), level)};
}

/// Makes light·x + lift of every value.
SpotCheck simple_filter(float light, float lift) {
    return SpotCheck(pointwise_network(), pointwise_parameters(light, lift), 1);
}

std::string verdict(const SpotCheck& check, const Pixels& input, const Pixels& output) {
    return message_of<BadResult>([&] { check(input, output); });
}

}  // namespace

TEST_CASE("a result of one colour passes where the filter makes it, and nowhere else") {
    const Picture8 page = noisy_page(false), dotted = noisy_page(true);
    const SpotCheck whiter = simple_filter(1, 0.01f);
    CHECK(verdict(whiter, page, plain(page, 255)) == "");
    CHECK(
        contains(verdict(whiter, page, plain(page, 0)), "the device makes 0 of row 0, column 0, channel 0"));
    // All but the dot is right. Where the picture differs most is looked at because the result is constant.
    CHECK(contains(verdict(whiter, dotted, plain(dotted, 255)), "of row 33, column 47"));
    CHECK(verdict(simple_filter(-1, 0), page, plain(page, 0)) == "");
    CHECK(verdict(simple_filter(0, 0.5f), page, plain(page, 128)) == "");
    CHECK(contains(verdict(simple_filter(0, 0.5f), page, plain(page, 130)), "makes 127.50"));
}

TEST_CASE("floats are checked without clamping or rounding, whatever their size") {
    Image input{40, 30, std::vector<float>(3600)};
    for (std::size_t i = 0; i < input.values.size(); ++i)
        input.values[i] = (static_cast<float>(i % 97) - 40.0f) * (i % 2 == 0 ? 0.1f : 1000.0f);
    Image right = input;
    for (float& value : right.values) value = 2 * value + 0.5f;
    const SpotCheck check = simple_filter(2, 0.5f);
    CHECK(verdict(check, input, right) == "");
    Image wrong = right;
    for (float& value : wrong.values) value += 0.01f * std::max(1.0f, std::abs(value));
    CHECK(verdict(check, input, wrong) != "");
    for (float& value : right.values) value = std::clamp(value, 0.0f, 1.0f);
    CHECK(verdict(check, input, right) != "");
}

TEST_CASE("noise, a picture untouched and a part that is missing are no results") {
    Picture8 input = to_picture8(made_picture(200, 150, 3));
    const SpotCheck inverse = simple_filter(-1, 1);
    Picture8 right = input;
    for (std::uint8_t& value : right.rgb) value = static_cast<std::uint8_t>(255 - value);
    CHECK(verdict(inverse, input, right) == "");
    CHECK(verdict(inverse, input, input) != "");
    Picture8 noise = right;
    std::mt19937_64 random = random_stream(4, 2);
    for (std::uint8_t& value : noise.rgb) value = static_cast<std::uint8_t>(random());
    CHECK(verdict(inverse, input, noise) != "");
    for (std::uint32_t quarter = 0; quarter < 4; ++quarter) {
        Picture8 torn = right;
        const auto start = torn.rgb.begin() + quarter * static_cast<std::ptrdiff_t>(torn.rgb.size() / 4);
        std::fill(start, start + static_cast<std::ptrdiff_t>(torn.rgb.size() / 4), std::uint8_t{255});
        CHECK(verdict(inverse, input, torn) != "");
    }
}

TEST_CASE("sixteen bits are checked to theirs") {
    Picture16 input{40, 30, std::vector<std::uint16_t>(std::size_t{3} * 40 * 30)};
    for (std::size_t i = 0; i < input.rgb.size(); ++i) input.rgb[i] = static_cast<std::uint16_t>(97 * i);
    Picture16 output = input;
    for (std::uint16_t& value : output.rgb) value = static_cast<std::uint16_t>(65535 - value);
    CHECK(verdict(simple_filter(-1, 1), input, output) == "");
    for (std::uint16_t& value : output.rgb) value = static_cast<std::uint16_t>(std::max(value - 8, 0));
    CHECK(verdict(simple_filter(-1, 1), input, output) != "");
}

TEST_CASE("what a device rightly makes passes, whatever the network, the size and the depth") {
    const ValidatedDevice device;
    const Network deep{
        any_size(3),
        {Conv{"a", 3, 4, 3}, BatchNorm{"norm", 4}, Activation{ActivationKind::leaky_relu}, Conv{"b", 4, 4, 5},
         Skip{3}, Activation{ActivationKind::relu}, Conv{"c", 4, 3, 3}, Skip{0}}};
    const auto [name, network, data, strength] = GENERATE_REF(table<const char*, Network, check::Data, float>(
        {{"linear", two_layer_network({}), check::Data::normal, 1.0f},
         {"linear, ugly", two_layer_network({}), check::Data::ugly, 0.4f},
         {"folded", two_layer_network({.hidden = 5, .activation = "tanh", .norm = NormPlacement::after}),
          check::Data::normal, 1.0f},
         {"stack, ugly", deep, check::Data::ugly, 0.9f}}));
    INFO(name);
    const Parameters parameters = check::random_parameters(network, data, 5);
    PictureFilter filter(*device, network, parameters, {.tile = 24, .strength = strength});
    const SpotCheck check(network, parameters, strength);
    for (const auto& [width, height] : {std::pair{37u, 29u}, {1u, 1u}, {2u, 60u}}) {
        const Picture8 input = to_picture8(made_picture(width, height, 1));
        CHECK(verdict(check, input, filter.apply(input)) == "");
        Picture16 fine{width, height, {}};
        for (const std::uint8_t value : input.rgb) {
            fine.rgb.push_back(static_cast<std::uint16_t>(256 * value + 7));
        }
        CHECK(verdict(check, fine, filter.apply(fine)) == "");
    }
}
