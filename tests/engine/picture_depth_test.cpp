// 16-bit pictures, and results mixed with the input, against float64.
#include <algorithm>
#include <cmath>

#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

struct DeepPlan {
    InferencePlan plan;
    const char* activation;
};
constexpr DeepPlan deep_plans[] = {{InferencePlan::linear, "none"},
                                   {InferencePlan::folded, "none"},
                                   {InferencePlan::folded, "tanh"},
                                   {InferencePlan::stack, "none"},
                                   {InferencePlan::stack, "tanh"}};

/// Without a skip always, with one where the residual's way differs.
std::vector<bool> skips(const DeepPlan& plan) {
    const bool own_way = plan.plan == InferencePlan::linear || plan.activation == std::string("tanh");
    return own_way && plan.plan != InferencePlan::stack ? std::vector{false, true} : std::vector{false};
}

Image as_image(const Picture16& picture) {
    Image image{picture.width, picture.height, std::vector<float>(picture.rgb.size())};
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
        image.values[i % 3 * picture.plane() + i / 3] = static_cast<float>(picture.rgb[i]) / 65535.0f;
    }
    return image;
}

/// Every one of the 65,536 levels, in one colour or another.
Picture16 all_levels() {
    Picture16 picture{256, 86, std::vector<std::uint16_t>(3 * 256 * 86)};
    for (std::size_t i = 0; i < picture.rgb.size(); ++i) picture.rgb[i] = static_cast<std::uint16_t>(i);
    return picture;
}

/// Rounded in long double, where nothing about the product is in doubt.
std::uint16_t level_of(float value) {
    const long double clamped = std::fmin(std::fmax(static_cast<long double>(value), 0.0L), 1.0L);
    return static_cast<std::uint16_t>(std::floor(clamped * 65535 + 0.5L));
}

}  // namespace

TEST_CASE("16-bit pictures are filtered as floats are, clamped and rounded, exactly") {
    const ValidatedDevice device;
    for (const DeepPlan& plan : deep_plans) {
        INFO(to_string(plan.plan) << ", " << plan.activation);
        const Network network =
            two_layer_network(options(4, 3, plan.activation, NormPlacement::before, true));
        const Parameters parameters = worn(network, 5);
        PictureFilter filter(*device, network, parameters,
                             {.tile = 40, .plan = plan.plan, .tiles = quick_tiles()});
        const Picture16 input = noise<std::uint16_t>(97, 61);
        const Image floats = filter.apply(as_image(input));
        CHECK(worst_difference(network, parameters, as_image(input), floats) <= 1e-5);
        const Picture16 output = filter.apply(input);
        std::size_t wrong = 0, clamped = 0;
        for (std::size_t i = 0; i < output.rgb.size(); ++i) {
            const float value = floats.values[i % 3 * input.plane() + i / 3];
            wrong += output.rgb[i] != level_of(value);
            clamped += value < 0 || value > 1;
        }
        CHECK(wrong == 0);
        CHECK(clamped > 0);
        CHECK(clamped < output.rgb.size() / 10 * 9);
    }
}

TEST_CASE("all levels of 16 bits pass unchanged through a network that adds nothing") {
    const ValidatedDevice device;
    const Picture16 levels = all_levels();
    for (const DeepPlan& plan : deep_plans) {
        INFO(to_string(plan.plan) << ", " << plan.activation);
        const Network network = two_layer_network(options(4, 3, plan.activation, NormPlacement::none, true));
        Parameters parameters = initial_parameters(network, 1);
        for (NamedTensor& tensor : parameters.tensors())
            std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
        PictureFilter filter(*device, network, parameters, {.plan = plan.plan, .tiles = quick_tiles()});
        CHECK(same_picture(filter.apply(levels), levels));
    }
}

TEST_CASE("a strength mixes the result with the input, as in float64") {
    const ValidatedDevice device;
    const Image input = made_picture(45, 31, 3);
    for (const DeepPlan& plan : deep_plans) {
        for (const bool residual : skips(plan)) {
            const Network network =
                two_layer_network(options(4, 3, plan.activation, NormPlacement::after, residual));
            const Parameters parameters = worn(network, 6);
            INFO(to_string(plan.plan) << ", " << plan.activation << ", skip " << residual);
            const double bound = plan.plan == InferencePlan::stack ? 1e-5 : 2e-6;
            for (const float strength : {0.0f, 0.37f, 1.0f}) {
                INFO("strength " << strength);
                const Image output =
                    PictureFilter(
                        *device, network, parameters,
                        {.tile = 20, .plan = plan.plan, .tiles = quick_tiles(), .strength = strength})
                        .apply(input);
                CHECK(worst_difference(network, parameters, input, output, strength) <= bound);
                if (strength == 0) CHECK(same_picture(output, input));
            }
        }
    }
}

TEST_CASE("a strength of 0 gives back integer pictures exactly") {
    const ValidatedDevice device;
    const Picture8 levels = noise<std::uint8_t>(64, 40);
    const Picture16 deep = all_levels();
    for (const DeepPlan& plan : deep_plans) {
        for (const bool residual : skips(plan)) {
            const Network network =
                two_layer_network(options(4, 3, plan.activation, NormPlacement::after, residual));
            PictureFilter filter(*device, network, worn(network, 7),
                                 {.plan = plan.plan, .tiles = quick_tiles(), .strength = 0});
            INFO(to_string(plan.plan) << ", " << plan.activation << ", skip " << residual);
            CHECK(same_picture(filter.apply(levels), levels));
            CHECK(same_picture(filter.apply(deep), deep));
        }
    }
}

TEST_CASE("a strength outside 0..1 is refused") {
    const Network network = two_layer_network({.hidden = 2});
    for (const float strength : {-0.01f, 1.01f, std::numeric_limits<float>::quiet_NaN()}) {
        CHECK_THROWS_AS(
            PictureFilter(test_device(), network, initial_parameters(network, 1), {.strength = strength}),
            std::invalid_argument);
    }
}
