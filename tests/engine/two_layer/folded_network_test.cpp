#include "engine/two_layer/folded_network.h"

#include <cmath>
#include <limits>

#include "catch.h"
#include "engine/picture_filter.h"
#include "model/parameters.h"
#include "model/presets.h"

using namespace shadenet;

namespace {

FoldedMatch match(const Network& network) {
    return fold_two_layers(network, initial_parameters(network, 1));
}

Network changed(const NetworkOptions& options, std::size_t index, const Layer& layer) {
    Network network = two_layer_network(options);
    network.layers.at(index) = layer;
    return network;
}

}  // namespace

TEST_CASE("every two-layer network folds") {
    for (const std::uint32_t kernel : {1u, 3u, 5u, 7u}) {
        for (const char* activation : {"none", "relu", "leaky_relu", "tanh"}) {
            for (const NormPlacement norm :
                 {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
                NetworkOptions options;
                options.hidden = 2;
                options.kernel = kernel;
                options.activation = activation;
                options.norm = norm;
                options.residual = kernel != 5;
                const FoldedMatch found = match(two_layer_network(options));
                INFO(kernel << " " << activation << " " << to_string(norm));
                REQUIRE(found.network);
                CHECK(found.network->kernel == kernel);
                CHECK(found.network->residual == (options.residual ? 1 : 0));
                CHECK(found.network->linear() == (std::string(activation) == "none"));
                CHECK(found.network->norm_after ==
                      (norm == NormPlacement::after && std::string(activation) != "none"));
                CHECK(found.network->bounded());
            }
        }
    }
}

TEST_CASE("a network of another form does not fold, and the reason says why") {
    const NetworkOptions plain{.norm = NormPlacement::none};  // conv1, conv2, skip
    const auto reason = [](const Network& network) {
        const FoldedMatch found = match(network);
        CHECK(!found.network);
        return found.reason;
    };
    CHECK(reason({any_size(3), {Conv{"conv1", 3, 3, 3}}}) == "networks of two layers from 3 colours to 3");
    CHECK(reason(changed(plain, 2, Skip{1})) == "networks of two layers from 3 colours to 3");
    CHECK(reason(changed(plain, 1, Conv{"conv2", 16, 3, 5})) == "two kernels of one size, odd and at most 7");
    CHECK(reason({any_size(3), {Conv{"conv1", 3, 4, 9}, Conv{"conv2", 4, 3, 9}}}) ==
          "two kernels of one size, odd and at most 7");
    CHECK(reason(changed(plain, 1, Conv{"conv2", 16, 3, 3, 2})) ==
          "convolutions with stride 1 and same padding");
    CHECK(reason({any_size(3), {Conv{"conv1", 3, 2000, 1}, Conv{"conv2", 2000, 3, 1}}}) ==
          "up to 1024 hidden channels");
}

TEST_CASE("a norm folds into the convolution before it with its moving statistics") {
    const Network network = two_layer_network({.hidden = 1, .kernel = 1, .activation = "relu", .epsilon = 1});
    Parameters parameters = initial_parameters(network, 1);
    parameters.at("conv1.weight").values = {2, 3, 5};
    parameters.at("conv1.bias").values = {7};
    parameters.at("bn1.weight").values = {11};
    parameters.at("bn1.bias").values = {13};
    parameters.at("bn1.running_mean").values = {17};
    parameters.at("bn1.running_var").values = {3};  // with epsilon a deviation of 2
    const FoldedMatch found = fold_two_layers(network, parameters);
    REQUIRE(found.network);
    CHECK(found.network->weight1 == std::vector<double>{11, 16.5, 27.5});
    CHECK(found.network->bias1 == std::vector<double>{(7.0 - 17) * 11 / 2 + 13});
}

TEST_CASE("two kernels compose to one, flipped neither way") {
    const Network network =
        two_layer_network({.hidden = 1, .kernel = 3, .norm = NormPlacement::none, .residual = true});
    Parameters parameters = initial_parameters(network, 1);
    for (NamedTensor& tensor : parameters.tensors())
        std::fill(tensor.values.begin(), tensor.values.end(), 0.0f);
    parameters.at("conv1.weight").values.at(9 + 0 * 3 + 2) = 2;   // green, one row up, one column right
    parameters.at("conv2.weight").values.at(18 + 1 * 3 + 2) = 3;  // into blue, one column right
    parameters.at("conv1.bias").values = {5};
    parameters.at("conv2.bias").values = {0, 0, 7};
    const std::vector<float> weights = fold_two_layers(network, parameters).network->linear_weights();
    std::vector<float> expected(9 * 25 + 3, 0.0f);
    const auto at = [&](int out, int in, int row, int column) -> float& {
        return expected.at(static_cast<std::size_t>((((row + 2) * 3 + out) * 3 + in) * 5 + column + 2));
    };
    at(2, 1, -1, 2) = 6;
    for (int colour = 0; colour < 3; ++colour) at(colour, colour, 0, 0) = 1;
    expected.back() = 7 + 3 * 5;
    CHECK(weights == expected);
}

TEST_CASE("numbers that could overflow are seen beforehand") {
    const Network network = two_layer_network({.hidden = 2, .activation = "relu"});
    const auto bounded = [&](const char* tensor, float value) {
        Parameters parameters = initial_parameters(network, 1);
        parameters.at(tensor).values.back() = value;
        return fold_two_layers(network, parameters).network->bounded();
    };
    CHECK(bounded("conv1.weight", 1e30f));
    CHECK(!bounded("conv1.weight", 3e38f));
    CHECK(!bounded("conv2.bias", 3e38f));
    CHECK(!bounded("conv2.weight", std::numeric_limits<float>::infinity()));
    CHECK(!bounded("bn1.running_mean", std::numeric_limits<float>::quiet_NaN()));
    CHECK(!bounded("bn2.running_var", -1.0f));
}
