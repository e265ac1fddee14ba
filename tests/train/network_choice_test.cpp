// A network that is given whole: found by --network, kept in config.json, and compared when a run goes on.
#include <atomic>
#include <regex>

#include "base/file.h"
#include "model/network_text.h"
#include "train/checkpoint.h"
#include "train/resume.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

constexpr const char* uneven =
    "input 3, conv 4 3x3, norm decay 0.5, relu, conv 4 1x1, norm decay 0.9, relu, "
    "conv 3 3x3, add input";

NetworkChoice chosen(const std::string& asked, const NetworkOptions& shape = {}) {
    NetworkChoice choice{.two_layer = shape, .given = {}, .asked = asked};
    choice.look_up();
    return choice;
}

TrainOptions options_with(const NetworkChoice& network) {
    TrainOptions options = small_options();
    options.input = "/in";
    options.target = "/out";
    options.output = "/run";
    options.network = network;
    return options;
}

std::string refusal_of(const char* network) {
    return message_of<InputError>([&] { validate(options_with(chosen(network))); });
}

}  // namespace

TEST_CASE("a network is chosen by name or by its layers") {
    CHECK_FALSE(chosen("two-layer").given);
    CHECK(chosen("two-layer", {.hidden = 5}).network() == two_layer_network({.hidden = 5}));
    CHECK(chosen("dncnn", {.hidden = 4, .depth = 3}).network() == dncnn_network({.hidden = 4, .depth = 3}));
    CHECK(to_text(chosen(uneven).network()) == to_text(parse_network(uneven, "")));
    CHECK(chosen(uneven).asked.empty());
    // The preset's own layers are the preset, which older readers know by its options.
    const NetworkChoice same = chosen(to_text(two_layer_network({.hidden = 6, .activation = "tanh"})));
    CHECK_FALSE(same.given);
    CHECK(same.two_layer == NetworkOptions{.hidden = 6, .activation = "tanh"});
}

TEST_CASE("a network that makes no filter is refused") {
    CHECK(refusal_of(uneven).empty());
    CHECK(contains(refusal_of("input 3, conv 6 3x3"), "--network makes 6 channels of 3; a filter makes 3"));
    CHECK(contains(refusal_of("input 1, conv 3 3x3"), "--network takes 1 channels; a filter takes 3"));
    CHECK(contains(refusal_of("input 3x8x9, conv 3 3x3"), "--network takes pictures of 8x9 alone"));
    CHECK(contains(refusal_of("input 3, conv 3 3x3 stride 2"), "a filter keeps the size"));
    CHECK(contains(refusal_of("input 3, conv 3 3x3 valid"), "a filter keeps the size"));
}

TEST_CASE("config.json keeps a network that is given whole by its text alone") {
    const TrainOptions options = options_with(chosen(uneven));
    const std::string text = config_text(options, "a device");
    CHECK_FALSE(contains(text, "\"hidden\""));
    const TrainOptions read = parse_config(text, "c.json");
    CHECK(read.network.network() == options.network.network());
    CHECK(read.network.given.has_value());
    CHECK(config_text(read, "a device") == text);
}

TEST_CASE("config.json keeps the preset by its options and its text, and an older one by its options") {
    const TrainOptions options = options_with(NetworkChoice{{.hidden = 6, .activation = "relu"}, {}});
    const std::string text = config_text(options, "a device");
    CHECK(contains(text, "\"hidden\": 6"));
    const std::string older = std::regex_replace(text, std::regex("\"text\": \"[^\"]*\",\\s*"), "");
    REQUIRE(older.size() < text.size());
    for (const std::string& config : {text, older}) {
        const TrainOptions read = parse_config(config, "c.json");
        CHECK(read.network == options.network);
        CHECK(config_text(read, "a device") == text);
    }
    const std::string differs = std::regex_replace(text, std::regex("\"hidden\": 6"), "\"hidden\": 5");
    CHECK(contains(
        message_of<InputError>([&] { parse_config(differs, "c.json"); }),
        "c.json: is no configuration of a run: the text of \"network\" has hidden 6, and its options "
        "have 5"));
}

TEST_CASE("only the norm before the last addition of the input may begin at 0") {
    const auto refusal = [](const char* text) {
        TrainOptions options = options_with(chosen(text));
        options.zero_init_residual = true;
        return message_of<InputError>([&] { validate(options); });
    };
    CHECK(contains(refusal("input 3, conv 4 3x3, norm, relu, conv 3 3x3, add input"),
                   "give a network that ends so"));
    CHECK(contains(refusal("input 3, conv 3 3x3, norm no-scale, add input"), "give a network that ends so"));
    CHECK(contains(refusal("input 3, conv 3 3x3, add input"), "needs a batch norm; leave it out"));
    TrainOptions options = options_with(chosen("input 3, conv 4 3x3, relu, conv 3 3x3, norm, add input"));
    options.zero_init_residual = true;
    CHECK_NOTHROW(validate(options));
}

TEST_CASE("norms keep decays of their own until one is set by hand for all") {
    TrainOptions options = options_with(chosen(uneven));
    CHECK_FALSE(options.rates(0).decay);
    CHECK_FALSE(options.changed_decay(0));
    CHECK(options.keeps_decay());
    options.changes = {{2, {0.5f, {}}}, {4, {0.5f, 0.7f}}};
    CHECK(options.rates(3) == Rates{0.5f, {}});
    CHECK(options.changed_decay(4) == 0.7f);
    CHECK_FALSE(options.keeps_decay());
    const TrainOptions read = parse_config(config_text(options, ""), "c.json");
    CHECK(read.changes == options.changes);
    options.network = {};
    CHECK(options.rates(3) == Rates{0.5f, 0.9f});
}

TEST_CASE("steps move each norm's statistics with its own decay") {
    const PicturePairs data = made_data(2, 9, 8);
    const auto moved = [&](float first, float second) {
        TrainOptions options = small_options();
        Network network = parse_network(uneven, "");
        std::get<BatchNorm>(network.layers[1]).decay = first;
        std::get<BatchNorm>(network.layers[4]).decay = second;
        options.network.given = network;
        options.epochs = 1;
        Trainer trainer(test_device(), options, data, nullptr, initial_parameters(network, options.seed),
                        tiles_of({}));
        const std::atomic<bool> never = false;
        trainer.run_epoch(never, {});
        return trainer.parameters();
    };
    const Parameters both = moved(0.5f, 0.9f), slow = moved(0.9f, 0.9f), fast = moved(0.5f, 0.5f);
    CHECK(both.at("bn1.running_var").values == fast.at("bn1.running_var").values);
    CHECK(both.at("bn2.running_var").values == slow.at("bn2.running_var").values);
    CHECK(slow.at("bn1.running_var").values != fast.at("bn1.running_var").values);
    CHECK(slow.at("bn2.running_var").values != fast.at("bn2.running_var").values);
}

TEST_CASE("a run goes on with its own layers only") {
    const TemporaryFolder folder;
    TrainOptions options = options_with(chosen(uneven));
    options.input = options.target = folder.path();
    write_file_atomically(folder.path() / "config.json", config_text(options, ""));
    TrainOptions same = options;
    adopt(folder.path() / "config.json", same);
    TrainOptions other = options;
    std::get<Conv>(other.network.given->layers[3]).kernel = 3;
    CHECK(contains(message_of<InputError>([&] { adopt(folder.path() / "config.json", other); }),
                   "begun with line 5 \"conv 4 1x1 stride 1\", and now it is \"conv 4 3x3 stride 1\""));
    other.network = {};
    CHECK(contains(message_of<InputError>([&] { adopt(folder.path() / "config.json", other); }),
                   "the run was begun with line"));
}
