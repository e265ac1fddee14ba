#include "model/exact_network.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>
#include <vector>

#include "catch.h"
#include "model/random.h"
#include "model_test_tools.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

Network deep_network() {
    return {any_size(3),
            {Conv{"a", 3, 7, 5}, BatchNorm{"a_norm", 7}, Activation{ActivationKind::leaky_relu},
             Conv{"b", 7, 7, 3}, Skip{3}, BatchNorm{"b_norm", 7}, Activation{ActivationKind::relu},
             Conv{"c", 7, 3, 1}, Activation{ActivationKind::tanh}, BatchNorm{"c_norm", 3}, Skip{0}}};
}

Network mirrored(Network network) {
    network.padding = PicturePadding::reflect;
    return network;
}

Network smooth_network() {
    return {any_size(3),
            {Conv{"a", 3, 5, 3}, Activation{ActivationKind::sigmoid}, Dropout{0.5f}, Conv{"b", 5, 5, 5},
             Activation{ActivationKind::elu}, Skip{3}, BatchNorm{"norm", 5}, Dropout{0.25f},
             Conv{"c", 5, 3, 1}, Activation{ActivationKind::elu}, Skip{0}}};
}

/// Every number random, variances positive.
Parameters random_parameters_of(const Network& network, std::uint64_t seed) {
    Parameters parameters = initial_parameters(network, seed);
    std::mt19937_64 random = random_stream(seed, 5);
    for (NamedTensor& tensor : parameters.tensors()) {
        const double start = tensor.name.ends_with(".running_var") ? 1.0 : 0.0;
        for (float& value : tensor.values) value = static_cast<float>(start + uniform(random) - 0.5);
    }
    return parameters;
}

reference::Tensor random_picture(std::uint32_t height, std::uint32_t width) {
    reference::Tensor x({1, 3, height, width});
    std::mt19937_64 random = random_stream(8, height);
    for (double& value : x.values) value = uniform(random);
    return x;
}

ExactPixel pixel_of(const ExactNetwork& network, const reference::Tensor& x, std::uint32_t row,
                    std::uint32_t column) {
    return network.at([&](auto c, auto y, auto z) { return x.at(0, c, y, z); }, x.shape.h, x.shape.w, row,
                      column);
}

/// A convolution of one pixel, whose colours do not mix.
Parameters one_by_one(float weight, float bias) {
    Parameters parameters = initial_parameters({any_size(3), {Conv{"one", 3, 3, 1}}}, 1);
    std::vector<float>& weights = parameters.at("one.weight").values;
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = i % 4 == 0 ? weight : 0.0f;
    for (float& value : parameters.at("one.bias").values) value = bias;
    return parameters;
}

}  // namespace

TEST_CASE("every pixel is the whole network's in float64, at the border and inside") {
    const auto [name, network] = GENERATE(table<const char*, Network>(
        {{"default", two_layer_network({})},
         {"norm after tanh",
          two_layer_network({.hidden = 3, .kernel = 5, .activation = "tanh", .norm = NormPlacement::after})},
         {"deep", deep_network()},
         {"dropout, sigmoid and elu", smooth_network()},
         {"edges continued", two_layer_network({.activation = "relu", .padding = PicturePadding::edge})},
         {"deep, mirrored", mirrored(deep_network())},
         {"nothing", Network{any_size(3), {}}}}));
    INFO(name);
    const Parameters parameters = random_parameters_of(network, 3);
    const ExactNetwork exact(network, parameters);
    for (const auto& [height, width] : {std::pair{11u, 9u}, {1u, 1u}, {2u, 13u}}) {
        const reference::Tensor x = random_picture(height, width);
        const reference::Tensor y = reference::NetworkRun(network, parameters).infer(x);
        double worst = 0;
        for (std::uint32_t row = 0; row < height; ++row) {
            for (std::uint32_t column = 0; column < width; ++column) {
                const ExactPixel pixel = pixel_of(exact, x, row, column);
                REQUIRE(pixel.values.size() == 3);
                for (std::uint32_t c = 0; c < 3; ++c) {
                    const double difference = std::abs(pixel.values[c] - y.at(0, c, row, column));
                    if (!(difference <= worst)) worst = difference;
                    CHECK(pixel.magnitudes[c] >= std::abs(pixel.values[c]));
                }
            }
        }
        CHECK(worst < 1e-7);  // the reference takes the decimal 1e-5 for epsilon, and not the nearest float
    }
}

TEST_CASE(
    "a pixel of a network of another range is the same network's in 0..1, brought into the range and back") {
    Network network = two_layer_network({.hidden = 3});
    const Parameters parameters = random_parameters_of(network, 4);
    const ExactNetwork unit(network, parameters);
    network.range = {-1, 1};
    const ExactNetwork ranged(network, parameters);
    const reference::Tensor x = random_picture(5, 4);
    reference::Tensor moved = x;
    for (double& value : moved.values) value = network.range.into(value);
    for (const auto& [row, column] : {std::pair{0u, 0u}, {2u, 2u}, {4u, 1u}}) {
        const ExactPixel found = pixel_of(ranged, x, row, column);
        const ExactPixel expected = pixel_of(unit, moved, row, column);
        for (std::uint32_t c = 0; c < 3; ++c) {
            CHECK(found.values[c] == network.range.out_of(expected.values[c]));
            CHECK(found.magnitudes[c] == (expected.magnitudes[c] + 1) / 2);
        }
    }
}

TEST_CASE("a magnitude tells how much cancelled on the way") {
    const Network network{any_size(3), {Conv{"one", 3, 3, 1}}};
    const reference::Tensor x = random_picture(1, 1);
    const ExactPixel pixel = pixel_of(ExactNetwork(network, one_by_one(-1000, 1000)), x, 0, 0);
    CHECK(pixel.values[1] == Approx(1000 - 1000 * x.values[1]));
    CHECK(pixel.magnitudes[1] == Approx(1000 + 1000 * x.values[1]));
}

TEST_CASE("a pixel costs its receptive field and no more") {
    const Network network = two_layer_network({});
    // Nine pixels of the hidden layer, and one of the result.
    CHECK(ExactNetwork(network, initial_parameters(network, 1)).products() == 9 * 16 * 27 + 3 * 16 * 9);
}

TEST_CASE("a network that changes a picture's size has no exact pixels") {
    for (const Conv& conv : {Conv{"a", 3, 3, 3, 1, Padding::valid}, Conv{"a", 3, 3, 3, 2}}) {
        const Network network{any_size(3), {conv}};
        CHECK_FALSE(refusal([&] { ExactNetwork(network, initial_parameters(network, 1)); }).empty());
    }
    for (const Layer& layer : {Layer{Dense{"fc1", 3, 3}}, Layer{Average{}}}) {
        const Network network{any_size(3), {Conv{"a", 3, 3, 3}, layer}};
        CHECK(contains(refusal([&] { ExactNetwork(network, initial_parameters(network, 1)); }),
                       layer_name(layer) + " takes a whole picture"));
    }
}
