#include "model/parameters.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <tuple>

#include "catch.h"
#include "model/model_test_tools.h"
#include "model/network_text.h"
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

TEST_CASE("betas before an activation spread evenly, and no others") {
    const Network network = parse_network(
        "input 3\nconv 5 3x3\nnorm\ntanh\nconv 4 3x3\nnorm no-center\nrelu\nconv 3 3x3\nnorm", "here");
    const Parameters parameters = initial_parameters(network, 1, {.beta_spread = 3});
    CHECK(parameters.at("bn1.bias").values == std::vector<float>{-3, -1.5f, 0, 1.5f, 3});
    CHECK(parameters.at("bn2.bias").values == std::vector<float>(4, 0.0f));
    CHECK(parameters.at("bn3.bias").values == std::vector<float>(3, 0.0f));
    CHECK(parameters.at("conv1.bias").values == std::vector<float>(5, 0.0f));
    CHECK(parameters.at("conv3.weight").values == initial_parameters(network, 1).at("conv3.weight").values);
    const Network one = parse_network("input 3\nconv 1 1x1\nnorm\nrelu\nconv 3 1x1", "here");
    CHECK(initial_parameters(one, 1, {.beta_spread = 3}).at("bn1.bias").values == std::vector<float>{0});
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

TEST_CASE("weights begin with the distribution that is asked for") {
    // Fans of all sizes, and enough values for moments to show.
    const Network network = parse_network("input 7x11x13, conv 60 5x5, dense 300", "text");
    struct Rule {
        const char* text;
        double deviation, largest;  ///< largest: the end of the distribution, or 0 where there is none
        double fourth;              ///< moment, in units of the deviation's
    };
    for (const auto& [name, fan_in, fan_out] :
         {std::tuple{"conv1.weight", 7.0 * 25, 60.0 * 25}, {"fc1.weight", 60.0 * 11 * 13, 300.0}}) {
        const double he = std::sqrt(2 / fan_in), limit = std::sqrt(6 / (fan_in + fan_out));
        const double reference = std::sqrt(1.3 / ((fan_in + fan_out) / 2));
        // Truncated at two deviations, a normal has 0.87963 of its deviation, and the fourth moment 2.36554.
        const double cut = 0.87963, fourth = 2.36554;
        for (const Rule& rule : {Rule{"reference", cut * reference, 2 * reference, fourth},
                                 Rule{"he", he, 0, 3}, Rule{"glorot", limit / std::sqrt(3.0), limit, 1.8},
                                 Rule{"truncated:0.25", cut * 0.25, 0.5, fourth}}) {
            const StartValues start{start_weights(rule.text), 0};
            const std::vector<float> values = initial_parameters(network, 3, start).at(name).values;
            const double count = static_cast<double>(values.size());
            double sum = 0, squares = 0, fourths = 0, largest = 0;
            for (const float value : values) {
                const double square = static_cast<double>(value) * value;
                sum += value;
                squares += square;
                fourths += square * square;
                largest = std::max(largest, std::sqrt(square));
            }
            CAPTURE(name, rule.text, count);
            CHECK(std::abs(sum / count) < 5 * rule.deviation / std::sqrt(count));
            CHECK(std::sqrt(squares / count) == Approx(rule.deviation).epsilon(4 / std::sqrt(count)));
            CHECK(fourths * count / (squares * squares) ==
                  Approx(rule.fourth).epsilon(10 / std::sqrt(count)));
            if (rule.largest > 0) {
                CHECK(largest <= rule.largest * (1 + 1e-7));
                CHECK(largest > 0.99 * rule.largest);
            } else {
                CHECK(largest > 3.5 * rule.deviation);
            }
        }
    }
}

TEST_CASE("only the biases of conv and dense begin where --biases says") {
    const Network network = parse_network("input 2x3x3, conv 3 3x3, norm, dense 5, norm", "text");
    const Parameters usual = initial_parameters(network, 4),
                     moved = initial_parameters(network, 4, {{}, -0.75f});
    for (const NamedTensor& tensor : moved.tensors()) {
        CAPTURE(tensor.name);
        const bool bias = tensor.name == "conv1.bias" || tensor.name == "fc1.bias";
        const std::vector<float>& before = usual.at(tensor.name).values;
        CHECK(tensor.values == (bias ? std::vector<float>(before.size(), -0.75f) : before));
    }
    CHECK(usual.at("fc1.bias").values == std::vector<float>(5, 0.0f));
    CHECK(usual.at("bn2.weight").values == std::vector<float>(5, 1.0f));
}

TEST_CASE("rules for weights have words, and others are refused") {
    for (const char* text :
         {"reference", "he", "glorot", "truncated:0.01", "truncated:1e-05", "truncated:1000"}) {
        CHECK(to_string(start_weights(text)) == text);
    }
    CHECK(start_weights("reference") == StartWeights{});
    CHECK(start_weights("truncated:0.01") == StartWeights{WeightRule::truncated, 0.01f});
    for (const char* text :
         {"", "xavier", "He", "he ", "truncated", "he:1", "glorot:", ":0.1", "truncated0.1"}) {
        const std::string message = test::refusal([&] { start_weights(text); });
        CAPTURE(text, message);
        CHECK(message ==
              fmt::format("weights \"{}\" is not known; use reference, he, glorot or truncated with a "
                          "deviation, as in truncated:0.01",
                          text));
    }
    for (const char* text : {"truncated:", "truncated:0", "truncated:-1", "truncated:nan", "truncated:inf",
                             "truncated:1000.1", "truncated:0.1x", "truncated:1:2", "truncated:1e-99"}) {
        const std::string message = test::refusal([&] { start_weights(text); });
        CAPTURE(text, message);
        CHECK(test::contains(message, "has no deviation; use a number above 0, up to 1000, after the colon"));
    }
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
