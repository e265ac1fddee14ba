#include "model/norm_placement.h"

#include "base/error.h"
#include "catch.h"
#include "model/model_test_tools.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

using test::contains;
using test::refusal;

/// The text of the network with its norms there.
std::string placed(const std::string& text, NormPlacement placement) {
    return to_text(with_norms(parse_network(text, "text"), placement, 0.75f, 0.5f));
}

std::string canonical(const std::string& text) {
    return to_text(parse_network(text, "text"));
}

constexpr const char* without_norms = "input 1x4x4, conv 5 3x3, relu, dropout 0.5, dense 7, tanh, dense 3";

Network asked_for(const std::string& name, const NormWishes& wishes) {
    return with_wishes(named_network(name, {}), wishes);
}

}  // namespace

TEST_CASE("norms come after every layer with weights but the last, on either side of its activation") {
    const std::string before = canonical(
        "input 1x4x4, conv 5 3x3, norm decay 0.75 epsilon 0.5, relu, dropout 0.5, dense 7, "
        "norm decay 0.75 epsilon 0.5, tanh, dense 3");
    const std::string after = canonical(
        "input 1x4x4, conv 5 3x3, relu, norm decay 0.75 epsilon 0.5, dropout 0.5, dense 7, tanh, "
        "norm decay 0.75 epsilon 0.5, dense 3");
    CHECK(placed(without_norms, NormPlacement::before) == before);
    CHECK(placed(without_norms, NormPlacement::after) == after);
    CHECK(placed(without_norms, NormPlacement::none) == canonical(without_norms));
}

TEST_CASE("norms that a network has are moved or taken away, wherever they are") {
    const char* const normed =
        "input 1x4x4, norm, conv 5 3x3, norm no-scale, relu, dropout 0.5, norm, dense 7, tanh, norm, dense "
        "3, "
        "norm";
    for (const NormPlacement placement : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
        CHECK(placed(normed, placement) == placed(without_norms, placement));
    }
}

TEST_CASE("a layer without an activation of its own has its norm right behind it") {
    const char* const text = "input 3, conv 4 3x3, conv 4 3x3, add conv1, relu, conv 3 3x3";
    CHECK(placed(text, NormPlacement::after) == placed(text, NormPlacement::before));
    CHECK(placed(text, NormPlacement::before) ==
          canonical("input 3, conv 4 3x3, norm decay 0.75 epsilon 0.5, conv 4 3x3, norm decay 0.75 epsilon "
                    "0.5, add conv1, relu, conv 3 3x3"));
    CHECK(placed("input 3, average", NormPlacement::before) == canonical("input 3, average"));
}

TEST_CASE("an addition takes what it took, and of a norm what its place holds now") {
    const char* const text = "input 3, conv 4 3x3, norm, relu, conv 4 3x3, add bn1, add relu1, conv 3 3x3";
    CHECK(placed(text, NormPlacement::none) ==
          canonical("input 3, conv 4 3x3, relu, conv 4 3x3, add conv1, add relu1, conv 3 3x3"));
    CHECK(placed(text, NormPlacement::before) ==
          canonical("input 3, conv 4 3x3, norm decay 0.75 epsilon 0.5, relu, conv 4 3x3, norm decay 0.75 "
                    "epsilon 0.5, add bn1, add relu1, conv 3 3x3"));
    CHECK(placed(text, NormPlacement::after) ==
          canonical("input 3, conv 4 3x3, relu, norm decay 0.75 epsilon 0.5, conv 4 3x3, norm decay 0.75 "
                    "epsilon 0.5, add conv1, add relu1, conv 3 3x3"));
}

TEST_CASE("a network that norms make too long is refused") {
    std::string text = "input 3";
    for (std::size_t i = 0; i < 600; ++i) text += ", conv 1 1x1";
    const Network network = parse_network(text, "text");
    CHECK(refusal([&] { with_norms(network, NormPlacement::before, 0.9f, 0.1f); }) ==
          "--norm makes 1199 layers of 600; a network has at most 1000");
    CHECK(with_norms(network, NormPlacement::none, 0.9f, 0.1f) == network);
}

TEST_CASE("norms that are moved keep their decay and epsilon, and take what is wished") {
    const Network mlp = asked_for("mlp", {});
    CHECK(asked_for("mlp", {.placement = NormPlacement::before}) == mlp);
    const Network after = asked_for("mlp", {.placement = NormPlacement::after, .scale = false});
    for (const BatchNorm& norm : norms_of(after)) {
        CHECK(norm.decay == 0.999f);
        CHECK(norm.epsilon == 0.001f);
        CHECK(norm.center);
        CHECK_FALSE(norm.scale);
    }
    for (const BatchNorm& norm : norms_of(asked_for("mlp", {.decay = 0.5f, .epsilon = 0.25f}))) {
        CHECK(norm.decay == 0.5f);
        CHECK(norm.epsilon == 0.25f);
    }
    const Network sigmoid = asked_for("mlp-sigmoid", {.placement = NormPlacement::before});
    REQUIRE(norms_of(sigmoid).size() == 3);
    CHECK(norms_of(sigmoid).front() == BatchNorm{"bn1", 100});
}

TEST_CASE("wishes hold for any network by name or text") {
    CHECK(norms_of(asked_for("all-cnn", {.placement = NormPlacement::none})).empty());
    CHECK(norms_of(asked_for("input 3, conv 4 3x3, relu, conv 3 3x3", {.placement = NormPlacement::after}))
              .size() == 1);
    CHECK(norms_of(asked_for("dncnn", {.placement = NormPlacement::before})).size() == 4);
}

TEST_CASE("what is about norms is refused for a network that has none") {
    for (const auto& one :
         std::vector<std::pair<NormWishes, std::string>>{{{.decay = 0.5f}, "--decay"},
                                                         {{.epsilon = 0.5f}, "--epsilon"},
                                                         {{.center = false}, "--no-center"},
                                                         {{.scale = false}, "--no-scale"}}) {
        CHECK(contains(refusal([&] { asked_for("mlp-sigmoid", one.first); }),
                       one.second + " is about norms, and the network has none"));
    }
    CHECK_NOTHROW(asked_for("mlp-sigmoid", {.placement = NormPlacement::none, .decay = 0.5f}));
}

}  // namespace shadenet
