// What new statistics do for pictures of another brightness.
#include "engine/filter_test_tools.h"
#include "engine/picture_filter.h"
#include "statistics/norm_comparison.h"
#include "statistics/population.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr float darker = 0.3125f;  // a multiple of 1/16: darkening itself rounds little

Image darkened(Image image) {
    for (float& value : image.values) value *= darker;
    return image;
}

Parameters adapted(const Network& network, const Parameters& parameters, const Image& picture) {
    PicturesInMemory pictures(std::span(&picture, 1));
    return with_statistics(
        parameters, measure_population(test_device(), network, parameters, pictures).value().statistics);
}

/// ε weighs more beside the smaller variance of darker pictures; this one weighs nothing beside either.
NetworkOptions network_options(bool residual) {
    NetworkOptions chosen = options(5, 3, "leaky_relu", NormPlacement::before, residual);
    chosen.epsilon = 1e-12f;
    return chosen;
}

/// By the plan that every driver compiles fast.
Image filtered(const Network& network, const Parameters& parameters, const Image& picture) {
    return PictureFilter(test_device(), network, parameters, {.plan = InferencePlan::stack}).apply(picture);
}

struct Outputs {
    Image bright, dark;  ///< what the network makes of the picture, and of the darker one
};

/// Each with the statistics of its own kind of pictures.
Outputs adapted_outputs(const Network& network, const Image& picture) {
    const Parameters parameters = worn(network, 12);
    const Image dark = darkened(picture);
    return {filtered(network, adapted(network, parameters, picture), picture),
            filtered(network, adapted(network, parameters, dark), dark)};
}

/// Float32's roundings on the way through both layers, which each norm scales up to a deviation of 1.
constexpr double roundings = 2e-5;

}  // namespace

// A norm takes a factor out of what a linear layer hands to it, and zero padding, times a factor, is zero: to
// the border, both norms of the darker picture give what those of the picture give.
TEST_CASE("with statistics of darker pictures a network gives the output that it had") {
    const ValidatedDevice device;
    const Network network = two_layer_network(network_options(false));
    const Image picture = made_picture(27, 22, 1);
    const Outputs outputs = adapted_outputs(network, picture);
    for (std::size_t i = 0; i < outputs.dark.values.size(); ++i) {
        INFO(i);
        REQUIRE(outputs.dark.values[i] == Approx(outputs.bright.values[i]).margin(roundings));
    }
    // Without them it does not.
    const Parameters parameters = worn(network, 12);
    const Image not_adapted = filtered(network, adapted(network, parameters, picture), darkened(picture));
    double largest = 0;
    for (std::size_t i = 0; i < not_adapted.values.size(); ++i) {
        largest = std::max(largest, std::abs(double{not_adapted.values[i]} - outputs.bright.values[i]));
    }
    CHECK(largest > 0.1);
}

// The skip goes around the norms: the darker picture itself is what comes out of it.
TEST_CASE("with a residual it is the change that is recovered, on the darker picture") {
    const ValidatedDevice device;
    const Network network = two_layer_network(network_options(true));
    const Image picture = made_picture(27, 22, 1);
    const Outputs outputs = adapted_outputs(network, picture);
    for (std::size_t i = 0; i < outputs.dark.values.size(); ++i) {
        INFO(i);
        const float change = outputs.bright.values[i] - picture.values[i];
        REQUIRE(outputs.dark.values[i] - darker * picture.values[i] == Approx(change).margin(roundings));
    }
}

TEST_CASE("statistics side by side") {
    const BatchNorm norm{"bn1", 3, 0.9f, 0.25f};
    const Network network{any_size(3), {norm}};
    Parameters moving = initial_parameters(network, 1), population = moving;
    moving.at("bn1.running_mean").values = {1.0f, -2.0f, 5.0f};
    moving.at("bn1.running_var").values = {4.0f, 3.0f, 0.0f};
    population.at("bn1.running_mean").values = {-2.0f, -2.0f, 4.0f};
    population.at("bn1.running_var").values = {2.0f, 6.0f, 0.0f};
    const std::vector<ChannelComparison> channels = compare_statistics(norm, moving, population);
    REQUIRE(channels.size() == 3);
    CHECK(channels[0].mean_difference == Approx(2.0));
    CHECK(channels[0].variance_ratio == Approx(2.0));
    CHECK(channels[1].mean_difference == 0.0);
    CHECK(channels[1].variance_ratio == Approx(0.5));
    CHECK(channels[2].mean_difference == Approx(2.0));
    CHECK(std::isnan(channels[2].variance_ratio));
    CHECK(channels[2].moving_mean == 5.0);
    CHECK(channels[2].population_mean == 4.0);
    CHECK(channels[1].moving_variance == 3.0);
    CHECK(channels[1].population_variance == 6.0);
}
