#include "model/network_metadata.h"

#include <cmath>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "catch.h"
#include "model/model_test_tools.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

using Entries = std::map<std::string, std::string>;

Entries entries_of(const Network& network) {
    Entries metadata;
    append_network(metadata, network);
    return metadata;
}

std::string refused(const Entries& metadata) {
    const std::string message = refusal([&] { network_from(metadata, "m.file"); });
    CHECK_FALSE(contains(message, "\n"));
    return message;
}

}  // namespace

TEST_CASE("the options as metadata") {
    const std::map<std::string, std::string> expected = {
        {"hidden", "16"},     {"kernel", "3"},  {"activation", "none"}, {"norm", "before"},
        {"residual", "true"}, {"decay", "0.9"}, {"epsilon", "1e-05"}};
    CHECK(to_metadata({}) == expected);
    CHECK(options_from_metadata(expected, "f") == NetworkOptions{});
    for (float decay = 0.1f; decay < 1.0f; decay = std::nextafter(decay * 1.03f, 1.0f)) {
        NetworkOptions options;
        options.decay = decay;
        options.epsilon = decay * 1e-30f;
        CHECK(options_from_metadata(to_metadata(options), "f") == options);
    }
}

TEST_CASE("metadata that is missing or wrong is refused") {
    const auto whole = to_metadata({});
    for (const auto& [key, value] : whole) {
        auto metadata = whole;
        metadata.erase(key);
        CHECK(refusal([&] { options_from_metadata(metadata, "m.file"); }) ==
              "m.file: holds no architecture (metadata '" + key +
                  "' is missing); was it written by shadenet train?");
    }
    const std::vector<std::pair<const char*, const char*>> bad = {
        {"hidden", ""},          {"hidden", "16 "},     {"hidden", " 16"},       {"hidden", "+16"},
        {"hidden", "-1"},        {"hidden", "16.0"},    {"hidden", "0x10"},      {"hidden", "4294967312"},
        {"hidden", "0"},         {"hidden", "1025"},    {"kernel", "2"},         {"kernel", "three"},
        {"activation", "ReLU"},  {"activation", ""},    {"norm", "both"},        {"residual", "yes"},
        {"residual", "True"},    {"residual", ""},      {"decay", "0,9"},        {"decay", "nan"},
        {"decay", "inf"},        {"decay", "1"},        {"decay", "0.9f"},       {"decay", "1e-99"},
        {"epsilon", "0"},        {"epsilon", "-1e-05"}, {"epsilon", "1e99"},     {"epsilon", ""},
        {"epsilon", "infinity"}, {"norm", "af\nter"},   {"activation", "re\nlu"}};
    for (const auto& [key, value] : bad) {
        auto metadata = whole;
        metadata[key] = value;
        const std::string message = refusal([&] { options_from_metadata(metadata, "m.file"); });
        CAPTURE(key, value, message);
        CHECK(message.starts_with("m.file: "));
        CHECK(contains(message, key));
        CHECK_FALSE(contains(message, "\n"));
    }
    auto more = whole;
    more["optimizer"] = "adam";
    CHECK(options_from_metadata(more, "f") == NetworkOptions{});
}

TEST_CASE("a two-layer network has its text and the entries of old in its metadata") {
    const NetworkOptions options{.hidden = 5,
                                 .activation = "tanh",
                                 .center = false,
                                 .range = {-1, 1},
                                 .padding = PicturePadding::reflect};
    const Network network = two_layer_network(options);
    Entries expected = to_metadata(options);
    CHECK(expected.at("center") == "false");
    CHECK(expected.at("padding") == "reflect");
    CHECK_FALSE(to_metadata({}).contains("padding"));
    expected["network"] = to_text(network);
    CHECK(entries_of(network) == expected);
    CHECK(network_from(expected, "m") == network);
    // Files of before have no text.
    CHECK(network_from(to_metadata(options), "m") == network);
    // The text alone, and the text with some of the entries, in other words for the same.
    CHECK(network_from({{"network", expected.at("network")}}, "m") == network);
    CHECK(network_from({{"network", expected.at("network")}, {"decay", "0.90"}, {"optimizer", "adam"}},
                       "m") == network);
    CHECK_FALSE(network_from({}, "m"));
    CHECK_FALSE(network_from({{"hidden", "5"}, {"activation", "tanh"}}, "m"));
}

TEST_CASE("entries that make the same network as the text may say it otherwise") {
    Entries metadata = entries_of(two_layer_network({}));
    metadata["norm"] = "after";  // no activation stands before it
    CHECK(network_from(metadata, "m") == two_layer_network({}));
    metadata = entries_of(two_layer_network({.norm = NormPlacement::none}));
    metadata["decay"] = "0.5";
    CHECK(network_from(metadata, "m") == two_layer_network({.norm = NormPlacement::none}));
}

TEST_CASE("a text that is wrong, or not that of the entries, is refused in one line") {
    CHECK(refused({{"network", "input 3\nconv 3 4x4"}})
              .starts_with("m.file: its metadata 'network': line 2: the kernel 4x4 is even"));
    CHECK(refused({{"network", ""}}).starts_with("m.file: its metadata 'network': has no input"));
    const Entries whole = entries_of(two_layer_network({.hidden = 5, .activation = "relu"}));
    const std::vector<std::pair<const char*, const char*>> others = {
        {"hidden", "6"},       {"kernel", "5"},    {"activation", "none"}, {"norm", "after"},
        {"residual", "false"}, {"decay", "0"},     {"epsilon", "0.1"},     {"center", "false"},
        {"scale", "false"},    {"range", "-1..1"}, {"padding", "edge"}};
    for (const auto& [key, value] : others) {
        Entries metadata = whole;
        metadata[key] = value;
        const std::string message = refused(metadata);
        CAPTURE(key, message);
        CHECK(contains(message, fmt::format("m.file: its metadata 'network' has {} ", key)));
        CHECK(contains(message, fmt::format("and its other entries have {}; remove the wrong ones", value)));
        metadata[key] = "x";
        CHECK(contains(refused(metadata), key));
        const Entries deep = {{"network", to_text(dncnn_network({}))}, {key, value}};
        CHECK(contains(refused(deep), fmt::format("'{}' is one of a two-layer network", key)));
    }
}

TEST_CASE("another program's entry of the same name is not taken for a network's text") {
    Entries metadata = to_metadata({.hidden = 5});
    metadata["network"] = "unet";
    CHECK(network_from(metadata, "m.file") == two_layer_network({.hidden = 5}));
    CHECK_FALSE(network_from({{"network", "unet"}}, "m.file"));
}

TEST_CASE("the difference of two networks is named") {
    const auto named = [](const Network& first, const Network& second) {
        const auto found = difference(first, second);
        return found ? fmt::format("{}: {}, {}", found->what, found->first, found->second) : "";
    };
    const Network usual = two_layer_network({}), deep = dncnn_network({});
    CHECK(named(usual, usual).empty());
    CHECK(named(usual, two_layer_network({.hidden = 32})) == "hidden: 16, 32");
    CHECK(named(usual, two_layer_network({.center = false})) == "center: true, false");
    CHECK(named(two_layer_network({.range = {-1, 1}}), usual) == "range: -1..1, 0..1");
    CHECK(named(usual, two_layer_network({.padding = PicturePadding::edge})) == "padding: zero, edge");
    CHECK(named(usual, deep) == "line 3: \"norm decay 0.9 epsilon 1e-05\", \"relu\"");
    Network deeper = deep;
    deeper.layers.push_back(Skip{0});
    CHECK(named(deep, deeper) == "line 15: no such line, \"add input\"");
    deeper = deep;
    std::get<Conv>(deeper.layers[0]).name = "first";
    CHECK(contains(named(deep, deeper), "names"));
}

}  // namespace shadenet
