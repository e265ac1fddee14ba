#include "model/parameters.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "catch.h"
#include "model/presets.h"

namespace shadenet {

namespace {

std::vector<std::string> names(const Parameters& parameters) {
    std::vector<std::string> result;
    for (const NamedTensor& tensor : parameters.tensors()) result.push_back(tensor.name);
    return result;
}

NetworkOptions wide_options() {
    NetworkOptions options;
    options.hidden = 301;
    options.kernel = 5;
    return options;
}

/// The bits of a float, which "==" on values would not tell apart in 0 and −0.
std::uint32_t bits(float value) {
    std::uint32_t result = 0;
    std::memcpy(&result, &value, sizeof(result));
    return result;
}

void check_weight(const NamedTensor& weight, double fan_in, double fan_out) {
    CAPTURE(weight.name);
    const double deviation = std::sqrt(1.3 / ((fan_in + fan_out) / 2.0));
    double sum = 0.0, squares = 0.0, largest = 0.0;
    for (const float value : weight.values) {
        sum += value;
        squares += static_cast<double>(value) * value;
        largest = std::max(largest, std::abs(static_cast<double>(value)));
    }
    const double count = static_cast<double>(weight.values.size());
    CHECK(largest <= 2.0 * deviation * (1.0 + 1e-7));
    CHECK(largest > 1.99 * deviation);
    CHECK(sum / count == Approx(0.0).margin(5.0 * deviation / std::sqrt(count)));
    // The standard error of a deviation is about deviation/√(2·count), here 0.5 %.
    CHECK(std::sqrt(squares / count) == Approx(0.8796 * deviation).epsilon(0.02));
}

}  // namespace

TEST_CASE("initial parameters come in the order of the architecture's tensors") {
    const Network network = two_layer_network({});
    const Parameters parameters = initial_parameters(network, 1);
    const std::vector<std::string> expected = {
        "conv1.weight", "conv1.bias", "bn1.weight", "bn1.bias", "bn1.running_mean", "bn1.running_var",
        "conv2.weight", "conv2.bias", "bn2.weight", "bn2.bias", "bn2.running_mean", "bn2.running_var",
    };
    CHECK(names(parameters) == expected);
    const std::vector<TensorSpec> specs = tensor_specs(network);
    REQUIRE(specs.size() == parameters.tensors().size());
    for (std::size_t i = 0; i < specs.size(); ++i) {
        CHECK(parameters.tensors()[i].shape == specs[i].shape);
        CHECK(parameters.tensors()[i].trainable == specs[i].trainable);
        CHECK(parameters.tensors()[i].values.size() == specs[i].values());
    }
    CHECK(parameters.trainable_values() == 16 * 27 + 16 + 2 * 16 + 3 * 144 + 3 + 2 * 3);
    CHECK(parameters.statistic_values() == 2 * 16 + 2 * 3);
}

TEST_CASE("initial weights are truncated normal, with the deviation of their fans") {
    const Parameters parameters = initial_parameters(two_layer_network(wide_options()), 11);
    check_weight(parameters.at("conv1.weight"), 3 * 25, 301 * 25);
    check_weight(parameters.at("conv2.weight"), 301 * 25, 3 * 25);
    CHECK(parameters.at("conv1.weight").values != parameters.at("conv2.weight").values);
}

TEST_CASE("all but the weights begin at 0 or 1") {
    const Parameters parameters = initial_parameters(two_layer_network(wide_options()), 11);
    const auto all = [&](const char* name, float value) {
        const std::vector<float>& values = parameters.at(name).values;
        return !values.empty() &&
               std::all_of(values.begin(), values.end(), [&](float v) { return v == value; });
    };
    for (const char* name :
         {"conv1.bias", "conv2.bias", "bn1.bias", "bn2.bias", "bn1.running_mean", "bn2.running_mean"}) {
        CAPTURE(name);
        CHECK(all(name, 0.0f));
    }
    for (const char* name : {"bn1.weight", "bn2.weight", "bn1.running_var", "bn2.running_var"}) {
        CAPTURE(name);
        CHECK(all(name, 1.0f));
    }
}

TEST_CASE("a seed stands for the same bits for ever") {
    const Parameters parameters = initial_parameters(two_layer_network({}), 1);
    const std::vector<float>& first = parameters.at("conv1.weight").values;
    const std::vector<float>& second = parameters.at("conv2.weight").values;
    const std::vector<std::uint32_t> expected = {0xbd4230a1, 0xbd06dabb, 0xbdcc03be,
                                                 0xbddd7160, 0xbdad64a6, 0x3d662a0b};
    CHECK(std::vector<std::uint32_t>{bits(first[0]), bits(first[1]), bits(first[2]), bits(first.back()),
                                     bits(second[0]), bits(second.back())} == expected);
}

TEST_CASE("seeds differ, and one seed does not") {
    const Network network = two_layer_network({});
    const auto weight = [&](std::uint64_t seed) {
        return initial_parameters(network, seed).at("conv2.weight").values;
    };
    CHECK(weight(5) == weight(5));
    CHECK(weight(5) != weight(6));
    CHECK(weight(0) != weight(1ull << 32));
}

TEST_CASE("a tensor is found by its name, and a missing one is named") {
    Parameters parameters = initial_parameters(two_layer_network({}), 1);
    parameters.at("bn2.bias").values[2] = 7.0f;
    const Parameters& constant = parameters;
    CHECK(constant.at("bn2.bias").values[2] == 7.0f);
    CHECK_THROWS_AS(parameters.at("bn3.bias"), std::out_of_range);
    try {
        constant.at("bn3.bias");
        FAIL("bn3.bias was found");
    } catch (const std::out_of_range& error) {
        CHECK(std::string(error.what()).find("bn3.bias") != std::string::npos);
    }
}

}  // namespace shadenet
