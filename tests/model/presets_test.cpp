#include "model/presets.h"

#include <filesystem>
#include <functional>

#include "base/file.h"
#include "catch.h"
#include "model/model_test_tools.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

std::vector<NetworkOptions> all_two_layer_options() {
    std::vector<NetworkOptions> all;
    for (const char* activation : {"none", "relu", "leaky_relu", "tanh", "sigmoid", "elu"}) {
        for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
            for (const bool residual : {true, false}) {
                NetworkOptions options{5, 7, activation, norm, residual};
                all.push_back(options);
                options.range = {-1, 1};
                if (norm != NormPlacement::none) {
                    options.decay = 0.75f;
                    options.epsilon = 0.5f;
                    options.center = residual;
                    options.scale = !residual;
                }
                options.padding = residual ? PicturePadding::edge : PicturePadding::reflect;
                all.push_back(options);
            }
        }
    }
    return all;
}

/// The texts of the golden runs.
const std::vector<std::string> golden_texts = {
    "input 3x18x15\nconv 6 3x3\nnorm\nrelu\nconv 6 3x3\nnorm\nrelu\nconv 6 3x3 stride 2\nnorm\nrelu\n"
    "conv 8 3x3\nnorm\nrelu\nconv 8 3x3 stride 2\nnorm\nrelu\nconv 8 3x3 valid\nnorm\nrelu\nconv 8 "
    "1x1\nnorm\n"
    "relu\nconv 10 1x1\naverage",
    "input 3\nconv 16 3x3\nrelu\nconv 16 3x3\nnorm\nrelu\nconv 16 3x3\nnorm\nrelu\nconv 16 3x3\nnorm\nrelu\n"
    "conv 3 3x3\nadd input",
    "input 1x8x9\ndense 33\nnorm\nrelu\ndropout 0.6\ndense 10\nnorm\nrelu",
    "input 3x16x17\nconv 8 5x5\nnorm\nrelu\nconv 8 3x3\nnorm\nrelu\nconv 8 3x3\nnorm\nadd relu1\nrelu\n"
    "dropout 0.8\naverage\ndense 5",
    "input 2\nconv 7 3x3\nnorm no-center\ntanh\nconv 5 5x5\nnorm no-scale\nleaky_relu\nconv 2 1x1",
};

}  // namespace

TEST_CASE("two-layer networks know their options again") {
    for (const NetworkOptions& options : all_two_layer_options()) {
        const Network network = two_layer_network(options);
        CAPTURE(to_text(network));
        const std::optional<NetworkOptions> found = two_layer_options(network);
        REQUIRE(found);
        CHECK(two_layer_network(*found) == network);
        NetworkOptions usual = options;
        if (options.activation == "none" && options.norm == NormPlacement::after)
            usual.norm = NormPlacement::before;
        CHECK(*found == usual);
        CHECK(parse_network(to_text(network), "text") == network);
    }
}

TEST_CASE("networks that no options make are no two-layer networks") {
    const Network usual = two_layer_network({.activation = "relu"});
    CHECK(two_layer_options(usual) == NetworkOptions{.activation = "relu"});
    const auto changed = [&](const std::function<void(Network&)>& change) {
        Network network = usual;
        change(network);
        return two_layer_options(network);
    };
    const auto conv = [](Network& network, std::size_t i) -> Conv& {
        return std::get<Conv>(network.layers.at(i));
    };
    CHECK_FALSE(changed([](Network& n) { n.layers.clear(); }));
    CHECK_FALSE(changed([](Network& n) {
        n.layers.pop_back();
        n.layers.pop_back();
    }));
    CHECK_FALSE(changed([](Network& n) { n.layers.push_back(Skip{1}); }));
    CHECK_FALSE(changed([](Network& n) { n.layers.push_back(Activation{ActivationKind::relu}); }));
    CHECK_FALSE(changed([](Network& n) { n.layers.back() = Skip{3}; }));
    CHECK_FALSE(changed([](Network& n) { std::get<BatchNorm>(n.layers.at(1)).decay = 0.5f; }));
    CHECK_FALSE(changed([](Network& n) { std::get<BatchNorm>(n.layers.at(1)).name = "norm"; }));
    CHECK_FALSE(changed([](Network& n) { n.input.h = n.input.w = 28; }));
    CHECK_FALSE(changed([](Network& n) { n.input.c = 2; }));
    CHECK_FALSE(changed([&](Network& n) { conv(n, 0).kernel = 4; }));
    CHECK_FALSE(changed([&](Network& n) { conv(n, 3).kernel = 5; }));
    CHECK_FALSE(changed([&](Network& n) { conv(n, 3).stride = 2; }));
    CHECK_FALSE(changed([&](Network& n) { conv(n, 0).padding = Padding::valid; }));
    CHECK_FALSE(two_layer_options(dncnn_network({})));
}

TEST_CASE("dncnn has its depth and width from the options") {
    NetworkOptions options;
    Network golden = parse_network(golden_texts[1], "golden");
    CHECK(dncnn_network(options) == golden);
    options = {.hidden = 7,
               .decay = 0.5f,
               .epsilon = 0.25f,
               .center = false,
               .range = {-1, 1},
               .depth = 3,
               .padding = PicturePadding::edge};
    CHECK(to_text(dncnn_network(options)) ==
          "input 3 range -1..1 edge\nconv 7 3x3 stride 1\nrelu\nconv 7 3x3 stride 1\n"
          "norm decay 0.5 epsilon 0.25 no-center\nrelu\nconv 3 3x3 stride 1\nadd input");
    options.depth = 2;
    CHECK(dncnn_network(options).layers.size() == 4);
    for (const std::uint32_t depth : {0u, 1u, 65u}) {
        options.depth = depth;
        CHECK(contains(refusal([&] { dncnn_network(options); }), "depth is"));
    }
}

TEST_CASE("a network is named by a preset, a file or its text") {
    const NetworkOptions options{.hidden = 4, .depth = 3};
    CHECK(named_network("two-layer", options) == two_layer_network(options));
    CHECK(named_network("dncnn", options) == dncnn_network(options));
    const Network small = parse_network("input 3, conv 3 3x3", "text");
    CHECK(named_network("input 3, conv 3 3x3", options) == small);
    CHECK(named_network("input 3\nconv 3 3x3", options) == small);
    const test::Scratch scratch;
    const std::string file = (scratch / "input, my network.txt").string();
    write_file_atomically(file, "# mine\ninput 3\nconv 3 3x3\n");
    CHECK(named_network(file, options) == small);
    write_file_atomically(file, "input 3\nconv 3 4x4\n");
    CHECK(refusal([&] {
              named_network(file, options);
          }).starts_with(file + ": line 2: the kernel 4x4 is even"));
    write_file_atomically(file, std::string(most_network_text + 1, ' '));
    CHECK(contains(refusal([&] { named_network(file, options); }), file));
}

TEST_CASE("what names no network is refused, and the names are listed") {
    CHECK(preset_names() ==
          std::vector<std::string>{"two-layer", "dncnn", "all-cnn", "mlp-dropout", "mlp-sigmoid", "mlp"});
    for (const std::string name : {"", "dncn", "two_layer", "DnCNN", "nowhere/filter.txt", "conv 3 3x3"}) {
        const std::string message = refusal([&] { named_network(name, {}); });
        CAPTURE(message);
        CHECK(contains(message, "--network is \"" + name + "\", which is no file here"));
        CHECK(contains(message,
                       "use two-layer, dncnn, all-cnn, mlp-dropout, mlp-sigmoid, mlp, the path of a file, or "
                       "the layers themselves"));
    }
    CHECK(refusal([] { named_network("input 3, conv 3 4x4", {}); }).starts_with("--network: line 2: "));
    CHECK(refusal([] { named_network("input", {}); }).starts_with("--network: line 1: "));
    CHECK_FALSE(refusal([] { named_network(std::filesystem::temp_directory_path().string(), {}); }).empty());
    CHECK(contains(refusal([] { named_network(std::string(100'000, 'a'), {}); }), "no file here"));
}

TEST_CASE("the networks of assets are what their names say") {
    const Network mlp = named_network("mlp", {});
    CHECK(mlp.input == Shape{0, 1, 28, 28});
    CHECK(std::get<Dense>(mlp.layers.front()) == Dense{"fc1", 784, 100});
    CHECK(std::get<BatchNorm>(mlp.layers.at(1)) == BatchNorm{"bn1", 100, 0.999f, 0.001f});
    CHECK(std::get<Dense>(mlp.layers.back()) == Dense{"fc3", 100, 10});
    const Network all_cnn = named_network("all-cnn", {});
    CHECK(all_cnn.input == Shape{0, 3, 32, 32});
    CHECK(convs_of(all_cnn).size() == 9);
    CHECK(norms_of(all_cnn).size() == 8);
    const Network dropout = named_network("mlp-dropout", {}), sigmoid = named_network("mlp-sigmoid", {});
    CHECK(dropout.range == PixelRange{0, 255});
    CHECK(norms_of(dropout).size() == 2);
    CHECK_FALSE(has_norm(sigmoid));
    for (const Network& network : {mlp, all_cnn, dropout, sigmoid}) {
        const Shape& input = network.input;
        CHECK(point_shapes(network, {5, input.c, input.h, input.w}).back() == Shape{5, 10, 1, 1});
        CHECK(parse_network(to_text(network), "again") == network);
    }
}

TEST_CASE("the networks of the golden runs are read, and written as they are") {
    for (const std::string& text : golden_texts) {
        CAPTURE(text);
        const Network network = parse_network(text, "golden");
        CHECK(parse_network(to_text(network), "again") == network);
    }
}

}  // namespace shadenet
