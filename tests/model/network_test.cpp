#include "model/network.h"

#include <cmath>
#include <functional>
#include <limits>

#include "catch.h"
#include "model/model_test_tools.h"
#include "model/presets.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

std::vector<std::string> layer_names(const NetworkOptions& options) {
    std::vector<std::string> names;
    for (const Layer& layer : two_layer_network(options).layers) names.push_back(layer_name(layer));
    return names;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("the default network is the reference's") {
    const Network network = two_layer_network({});
    CHECK(network.input.c == 3);
    CHECK(layer_names({}) == Names{"conv1", "bn1", "conv2", "bn2", "skip"});
    const auto& conv = std::get<Conv>(network.layers[0]);
    CHECK((conv.in_channels == 3 && conv.out_channels == 16 && conv.kernel == 3));
    CHECK((conv.stride == 1 && conv.padding == Padding::same));
    const auto& last = std::get<Conv>(network.layers[2]);
    CHECK((last.in_channels == 16 && last.out_channels == 3 && last.kernel == 3));
    const auto& norm = std::get<BatchNorm>(network.layers[1]);
    CHECK((norm.channels == 16 && norm.decay == 0.9f && norm.epsilon == 1e-5f));
    CHECK(std::get<BatchNorm>(network.layers[3]).channels == 3);
    CHECK(std::get<Skip>(network.layers[4]).from_point == 0);
}

TEST_CASE("options move, add and drop layers") {
    NetworkOptions options;
    options.activation = "relu";
    CHECK(layer_names(options) == Names{"conv1", "bn1", "relu", "conv2", "bn2", "skip"});
    options.norm = NormPlacement::after;
    options.activation = "leaky_relu";
    CHECK(layer_names(options) == Names{"conv1", "leaky_relu", "bn1", "conv2", "bn2", "skip"});
    options.residual = false;
    options.activation = "none";
    CHECK(layer_names(options) == Names{"conv1", "bn1", "conv2", "bn2"});
    options.norm = NormPlacement::none;
    options.activation = "tanh";
    CHECK(layer_names(options) == Names{"conv1", "tanh", "conv2"});
    options.decay = 0.75f;
    options.epsilon = 0.5f;
    options.norm = NormPlacement::before;
    const Network network = two_layer_network(options);
    CHECK(std::get<BatchNorm>(network.layers[4]).decay == 0.75f);
    CHECK(std::get<BatchNorm>(network.layers[4]).epsilon == 0.5f);
}

TEST_CASE("options at the edge of what is accepted") {
    for (const std::uint32_t kernel : {1u, 3u, 5u, 7u}) CHECK_NOTHROW(validate({1024, kernel}));
    NetworkOptions options{1, 1};
    options.decay = 0.0f;
    options.epsilon = std::numeric_limits<float>::denorm_min();
    CHECK_NOTHROW(validate(options));
}

TEST_CASE("every refused option is named with its value") {
    struct Case {
        std::function<void(NetworkOptions&)> change;
        const char *option, *value;
    };
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    const std::vector<Case> cases = {
        {[](auto& o) { o.hidden = 0; }, "hidden", "\"0\""},
        {[](auto& o) { o.hidden = 1025; }, "hidden", "\"1025\""},
        {[](auto& o) { o.kernel = 0; }, "kernel", "\"0\""},
        {[](auto& o) { o.kernel = 4; }, "kernel", "\"4\""},
        {[](auto& o) { o.kernel = 9; }, "kernel", "\"9\""},
        {[](auto& o) { o.activation = "gelu"; }, "activation", "\"gelu\""},
        {[](auto& o) { o.activation = ""; }, "activation", "\"\""},
        {[](auto& o) { o.norm = static_cast<NormPlacement>(3); }, "norm", "\"3\""},
        {[](auto& o) { o.decay = 1.0f; }, "decay", "\"1\""},
        {[](auto& o) { o.decay = -0.1f; }, "decay", "\"-0.1\""},
        {[=](auto& o) { o.decay = nan; }, "decay", "\"nan\""},
        {[](auto& o) { o.epsilon = 0.0f; }, "epsilon", "\"0\""},
        {[](auto& o) { o.epsilon = -1e-5f; }, "epsilon", "\"-1e-05\""},
        {[=](auto& o) { o.epsilon = infinity; }, "epsilon", "\"inf\""},
        {[=](auto& o) { o.epsilon = nan; }, "epsilon", "\"nan\""},
    };
    for (const Case& c : cases) {
        NetworkOptions options;
        c.change(options);
        const std::string message = refusal([&] { validate(options); });
        CAPTURE(c.option, c.value, message);
        CHECK(message.starts_with(c.option));
        CHECK(contains(message, c.value));
        CHECK(contains(message, "; use "));
        CHECK(refusal([&] { two_layer_network(options); }) == message);
    }
}

TEST_CASE("norm placements have names") {
    for (const char* text : {"before", "after", "none"}) CHECK(to_string(norm_placement(text)) == text);
    for (const char* text : {"", "Before", "none ", "behind"})
        CHECK_FALSE(refusal([&] { norm_placement(text); }).empty());
}

TEST_CASE("tensors have PyTorch's names, extents and order") {
    NetworkOptions options;
    options.hidden = 5;
    options.kernel = 7;
    options.norm = NormPlacement::none;
    const std::vector<TensorSpec> specs = tensor_specs(two_layer_network(options));
    REQUIRE(specs.size() == 4);
    CHECK(specs[0].name == "conv1.weight");
    CHECK(specs[0].shape == std::vector<std::uint32_t>{5, 3, 7, 7});
    CHECK(specs[0].values() == 735);
    CHECK(specs[1].name == "conv1.bias");
    CHECK(specs[1].shape == std::vector<std::uint32_t>{5});
    CHECK(specs[2].name == "conv2.weight");
    CHECK(specs[2].shape == std::vector<std::uint32_t>{3, 5, 7, 7});
    CHECK(specs[3].name == "conv2.bias");
    for (const TensorSpec& spec : specs) CHECK(spec.trainable);
    const std::vector<TensorSpec> dense =
        tensor_specs({.layers = {Dense{"fc1", 60, 7}, Dropout{}, Average{}}});
    REQUIRE(dense.size() == 2);
    CHECK(dense[0].name == "fc1.weight");
    CHECK(dense[0].shape == std::vector<std::uint32_t>{7, 60});
    CHECK(dense[1].name == "fc1.bias");
    CHECK(dense[1].shape == std::vector<std::uint32_t>{7});

    // The activation before a norm changes the layers' order, not their names.
    options.norm = NormPlacement::after;
    options.activation = "relu";
    const std::vector<TensorSpec> after = tensor_specs(two_layer_network(options));
    REQUIRE(after.size() == 12);
    CHECK(after[2].name == "bn1.weight");
    CHECK(after[4].name == "bn1.running_mean");
    CHECK(after[5].name == "bn1.running_var");
    CHECK((after[3].trainable && !after[4].trainable && !after[5].trainable));
}

TEST_CASE("a layer is described in one line") {
    CHECK(describe(Conv{"c", 3, 16, 3}) == "conv 3x3, 3 -> 16, stride 1, same padding");
    CHECK(describe(Conv{"c", 2, 5, 4, 2, Padding::valid}) == "conv 4x4, 2 -> 5, stride 2, valid padding");
    CHECK(describe(BatchNorm{"b", 16}) ==
          "batch norm, 16 channels, decay 0.9 (momentum 0.1 in PyTorch), epsilon 1e-05");
    CHECK_THAT(describe(BatchNorm{.name = "b", .channels = 3, .center = false, .scale = false}),
               ContainsSubstring("epsilon 1e-05, without gamma, without beta"));
    CHECK(describe(Activation{ActivationKind::leaky_relu}) == "leaky_relu, slope 0.2");
    CHECK(describe(Activation{ActivationKind::tanh}) == "tanh");
    CHECK(describe(Activation{ActivationKind::elu}) == "elu");
    CHECK(describe(Dense{"d", 784, 100}) == "dense, 784 -> 100");
    CHECK(describe(Dropout{0.6f}) == "dropout, keeps 0.6");
    CHECK(describe(Average{}) == "average over rows and columns");
    CHECK(describe(Skip{0}) == "skip, + input");
    CHECK(describe(Skip{2}) == "skip, + output of layer 1");
}

}  // namespace shadenet
