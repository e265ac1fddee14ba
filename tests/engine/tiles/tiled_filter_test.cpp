// Pictures that follow each other through a filter, several under way.
#include <algorithm>
#include <deque>
#include <limits>
#include <memory>
#include <stdexcept>
#include <variant>

#include "driver_doubles.h"
#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

using AnyPicture = std::variant<Picture8, Picture16>;

struct StreamedPlan {
    InferencePlan plan;
    const char* activation;
};
const std::vector<StreamedPlan> streamed_plans = {
    {InferencePlan::linear, "none"}, {InferencePlan::folded, "relu"}, {InferencePlan::stack, "relu"}};

AnyPicture blank(const AnyPicture& picture) {
    AnyPicture made = picture;
    std::visit([](auto& typed) { std::fill(typed.rgb.begin(), typed.rgb.end(), 1); }, made);
    return made;
}

void begin(PictureFilter& filter, const AnyPicture& input, AnyPicture& output) {
    std::visit(
        [&](const auto& typed) { filter.begin(typed, std::get<std::decay_t<decltype(typed)>>(output)); },
        input);
}

/// The results of all, at most `most` under way at once.
std::deque<AnyPicture> streamed(PictureFilter& filter, const std::vector<AnyPicture>& inputs,
                                std::size_t most) {
    std::deque<AnyPicture> outputs;
    for (const AnyPicture& input : inputs) {
        if (filter.under_way() == most) filter.finish_next();
        begin(filter, input, outputs.emplace_back(blank(input)));
    }
    while (filter.under_way() > 0) filter.finish_next();
    return outputs;
}

bool same(const AnyPicture& a, const AnyPicture& b) {
    return std::visit(
        [&](const auto& typed) { return same_picture(typed, std::get<std::decay_t<decltype(typed)>>(b)); },
        a);
}

/// One pixel to many tiles, in both depths, growing and shrinking.
std::vector<AnyPicture> mixed_pictures(InferencePlan plan) {
    // The stack plan makes its kernels anew for every size.
    if (plan == InferencePlan::stack) {
        return {noise<std::uint8_t>(75, 40), noise<std::uint16_t>(1, 1), noise<std::uint16_t>(75, 40),
                noise<std::uint8_t>(20, 20)};
    }
    return {noise<std::uint8_t>(1, 1),   noise<std::uint16_t>(75, 40), noise<std::uint8_t>(75, 40),
            noise<std::uint8_t>(2, 90),  noise<std::uint16_t>(1, 1),   noise<std::uint16_t>(20, 20),
            noise<std::uint8_t>(20, 20), noise<std::uint8_t>(130, 3),  noise<std::uint16_t>(3, 61)};
}

/// The same network with a dead channel too large for 8-bit pictures to be rounded on the device.
Parameters unbounded(Parameters parameters) {
    parameters.at("conv1.bias").values[0] = 2e38f;
    NamedTensor& weight = parameters.at("conv2.weight");
    const std::size_t taps = weight.shape[2] * weight.shape[3];
    for (std::size_t o = 0; o < 3; ++o) {
        std::fill_n(weight.values.begin() + static_cast<std::ptrdiff_t>(o * weight.shape[1] * taps), taps,
                    0.0f);
    }
    return parameters;
}

void check_stream(const Device& device, const StreamedPlan& plan) {
    const Network network = two_layer_network(options(4, 3, plan.activation, NormPlacement::after, true));
    const Parameters parameters = worn(network, 12);
    const std::vector<AnyPicture> inputs = mixed_pictures(plan.plan);
    PictureFilter alone(test_device(), network, parameters, {.plan = plan.plan, .tiles = quick_tiles()});
    std::vector<AnyPicture> expected;
    for (const AnyPicture& input : inputs) {
        expected.push_back(
            std::visit([&](const auto& typed) -> AnyPicture { return alone.apply(typed); }, input));
    }
    PictureFilter filter(device, network, parameters,
                         {.tile = 16, .plan = plan.plan, .tiles = quick_tiles()});
    const bool slow = plan.plan == InferencePlan::stack;  // it makes its kernels anew for every size
    for (const std::size_t most : slow ? std::vector<std::size_t>{3} : std::vector<std::size_t>{1, 3, 100}) {
        const std::deque<AnyPicture> outputs = streamed(filter, inputs, most);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            INFO("picture " << i << ", " << most << " under way, " << to_string(plan.plan));
            CHECK(same(outputs[i], expected[i]));
        }
    }
    CHECK(filter.under_way() == 0);
}

/// Positive weights so large that bright pixels side by side overflow, and black ones do not.
Parameters overflowing(const Network& network) {
    Parameters parameters = initial_parameters(network, 1);
    for (const auto& [name, value] : {std::pair{"conv1.weight", 0.5f}, {"conv2.weight", 1e37f}}) {
        std::vector<float>& values = parameters.at(name).values;
        std::fill(values.begin(), values.end(), value);
    }
    return parameters;
}

template <class Sample>
void check_bad_picture(PictureFilter& filter) {
    using OnePicture = Picture<Sample>;
    const OnePicture black{30, 20, std::vector<Sample>(1800, 0)};
    OnePicture bright = black;
    std::fill_n(bright.rgb.begin() + 3 * (13 * 30 + 15), 18, std::numeric_limits<Sample>::max());
    OnePicture first = bright, second = bright, third = bright;
    filter.begin(black, first);
    filter.begin(bright, second);
    filter.begin(black, third);
    filter.finish_next();
    const std::string message = message_of<BadResult>([&] { filter.finish_next(); });
    INFO(message);
    CHECK((contains(message, "inf") || contains(message, "nan")));
    CHECK(contains(message, "row 1"));  // 11 to 15, the first rows that see row 13
    filter.finish_next();
    CHECK(first.rgb == black.rgb);
    CHECK(third.rgb == black.rgb);
    CHECK_THROWS_AS(filter.apply(bright), BadResult);
    CHECK(filter.apply(black).rgb == black.rgb);
}

}  // namespace

TEST_CASE("a stream of pictures gives what each gives alone, bit for bit") {
    const ValidatedDevice device;
    for (const StreamedPlan& plan : streamed_plans) check_stream(*device, plan);
}

TEST_CASE("a stream on a device with memory of its own gives the same bits") {
    const auto device = device_with_own_memory();
    for (const StreamedPlan& plan : streamed_plans) check_stream(*device, plan);
    CHECK(device->instance().validation_messages() == 0);
}

TEST_CASE("a picture whose values are not finite fails alone, and its place is named") {
    const ValidatedDevice device;
    for (const StreamedPlan& plan : streamed_plans) {
        INFO(to_string(plan.plan));
        const Network network = two_layer_network(options(4, 3, plan.activation, NormPlacement::none, true));
        PictureFilter filter(*device, network, overflowing(network),
                             {.tile = 12, .plan = plan.plan, .tiles = quick_tiles()});
        check_bad_picture<std::uint8_t>(filter);
        check_bad_picture<std::uint16_t>(filter);
    }
}

TEST_CASE("a network of damaged numbers is told apart in both depths") {
    const ValidatedDevice device;
    for (const StreamedPlan& plan : streamed_plans) {
        const Network network = two_layer_network(options(4, 3, plan.activation, NormPlacement::none, true));
        Parameters parameters = worn(network, 2);
        parameters.at("conv2.bias").values[2] = std::numeric_limits<float>::quiet_NaN();
        PictureFilter filter(*device, network, parameters, {.plan = plan.plan, .tiles = quick_tiles()});
        CHECK_THROWS_AS(filter.apply(noise<std::uint8_t>(9, 9)), BadResult);
        CHECK_THROWS_AS(filter.apply(noise<std::uint16_t>(9, 9)), BadResult);
    }
}

TEST_CASE("no tile changes a bit of a 16-bit picture, or of an 8-bit one that goes as floats") {
    const ValidatedDevice device;
    for (const StreamedPlan& plan : streamed_plans) {
        const Network network = two_layer_network(options(4, 3, plan.activation, NormPlacement::none, true));
        const Parameters parameters = unbounded(worn(network, 13));
        const Picture16 deep = noise<std::uint16_t>(75, 37);
        const Picture8 levels = noise<std::uint8_t>(75, 37);
        PictureFilter whole(*device, network, parameters, {.plan = plan.plan, .tiles = quick_tiles()});
        const Picture16 deep_result = whole.apply(deep);
        const Picture8 levels_result = to_picture8(whole.apply(to_image(levels)));
        for (const std::uint32_t tile : {5u, 33u, 64u}) {
            INFO(to_string(plan.plan) << ", tile " << tile);
            PictureFilter tiled(*device, network, parameters,
                                {.tile = tile, .plan = plan.plan, .tiles = quick_tiles()});
            CHECK(same_picture(tiled.apply(deep), deep_result));
            CHECK(same_picture(tiled.apply(levels), levels_result));
        }
    }
}

TEST_CASE("a stream is used in order") {
    const ValidatedDevice device;
    const Network network = two_layer_network({.hidden = 2});
    const Parameters parameters = initial_parameters(network, 1);
    PictureFilter filter(*device, network, parameters);
    Picture8 input = noise<std::uint8_t>(6, 5), output = input, narrow = noise<std::uint8_t>(5, 6);
    CHECK_THROWS_AS(filter.finish_next(), std::logic_error);
    CHECK_THROWS_AS(filter.begin(input, input), std::invalid_argument);
    CHECK_THROWS_AS(filter.begin(input, narrow), std::invalid_argument);
    CHECK_THROWS_AS(filter.begin(Picture8{}, output), std::invalid_argument);
    CHECK(filter.under_way() == 0);
    filter.begin(input, output);
    CHECK(filter.under_way() == 1);
    CHECK_THROWS_AS(filter.apply(input), std::logic_error);
    filter.finish_next();
    CHECK(filter.under_way() == 0);
    CHECK(same_picture(filter.apply(input), output));
}

TEST_CASE("a filter whose device fails can be destroyed, and a smaller one takes its place") {
    const auto device = device_with_own_memory();
    const Network network = two_layer_network({.hidden = 2});
    const Parameters parameters = worn(network, 3);
    const Picture8 input = noise<std::uint8_t>(40, 30);
    const Picture8 expected = PictureFilter(*device, network, parameters).apply(input);
    {
        PictureFilter filter(*device, network, parameters, {.tile = 8});
        Picture8 output = input;
        const Replaced full(vkAllocateMemory, PFN_vkAllocateMemory{no_memory});
        CHECK_THROWS_AS(filter.begin(input, output), OutOfDeviceMemory);
    }
    PictureFilter smaller(*device, network, parameters, {.tile = 8});
    CHECK(same_picture(smaller.apply(input), expected));
    auto output = std::make_unique<Picture8>(input);
    {
        PictureFilter filter(*device, network, parameters, {.tile = 8});
        filter.begin(input, *output);
        const Replaced lost(vkQueueSubmit, PFN_vkQueueSubmit{lost_at_submission});
        CHECK_THROWS_AS(filter.begin(input, *output), DeviceLost);
        output.reset();  // nothing may be written to it any more
    }
    CHECK(device->instance().validation_messages() == 0);
}
