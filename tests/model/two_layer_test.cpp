// The form of two-layer networks is found in lists of layers, and in no other list.
#include "model/two_layer.h"

#include <string>

#include "catch.h"

using namespace shadenet;

TEST_CASE("two layers: the form has the layers of every choice of the options") {
    for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
        for (const char* activation : {"none", "relu", "leaky_relu", "tanh"}) {
            const bool active = std::string(activation) != "none";
            const NetworkOptions options{
                .hidden = 5, .kernel = 7, .activation = activation, .norm = norm, .residual = active};
            const TwoLayerMatch match = match_two_layer(two_layer_network(options));
            INFO(activation << " " << to_string(norm));
            REQUIRE(match.form);
            const TwoLayerForm& form = *match.form;
            CHECK(form.hidden() == 5);
            CHECK(form.conv1.name == "conv1");
            CHECK(form.conv2.name == "conv2");
            CHECK(form.conv2.kernel == 7);
            CHECK(form.residual == active);
            REQUIRE(form.activation.has_value() == active);
            if (active) CHECK(layer_name(*form.activation) == activation);
            // Without an activation "before" and "after" are the same list.
            const bool after = norm == NormPlacement::after && active;
            CHECK(form.after.has_value() == after);
            CHECK(form.before.has_value() == (norm != NormPlacement::none && !after));
            CHECK(form.last.has_value() == (norm != NormPlacement::none));
            if (form.before) CHECK(form.before->name == "bn1");
            if (form.after) CHECK(form.after->name == "bn1");
            if (form.last) CHECK(form.last->name == "bn2");
        }
    }
}

TEST_CASE("two layers: a norm may stand on both sides of the activation, and need not after conv2") {
    const Network network{any_size(3),
                          {Conv{"a", 3, 4, 3}, BatchNorm{"b", 4}, Activation{ActivationKind::tanh},
                           BatchNorm{"c", 4}, Conv{"d", 4, 3, 5}}};
    const TwoLayerMatch match = match_two_layer(network);
    REQUIRE(match.form);
    CHECK(match.form->before->name == "b");
    CHECK(match.form->after->name == "c");
    CHECK(match.form->conv2.kernel == 5);
    CHECK(!match.form->last);
    CHECK(!match.form->residual);
}

TEST_CASE("two layers: another list has no form, and the reason says why") {
    const Network plain = two_layer_network({.hidden = 4, .norm = NormPlacement::none});
    const auto reason = [](const Network& network) {
        const TwoLayerMatch match = match_two_layer(network);
        CHECK(!match.form);
        return match.reason;
    };
    const auto with = [&](std::size_t index, const Layer& layer) {
        Network network = plain;
        network.layers.at(index) = layer;
        return network;
    };
    const std::string form = "networks of two layers from 3 colours to 3";
    const std::string convolutions = "convolutions with stride 1 and same padding";
    Network longer = plain;
    longer.layers.push_back(Activation{ActivationKind::relu});
    CHECK(reason({any_size(3), {}}) == form);
    CHECK(reason({any_size(3), {Conv{"conv1", 3, 3, 3}}}) == form);
    CHECK(reason({any_size(1), {Conv{"conv1", 1, 4, 3}, Conv{"conv2", 4, 3, 3}}}) == form);
    CHECK(reason(longer) == form);
    CHECK(reason(with(1, Conv{"conv2", 4, 1, 3})) == form);
    CHECK(reason(with(1, Conv{"conv2", 5, 3, 3})) == form);
    CHECK(reason(with(2, Skip{1})) == form);
    CHECK(reason(with(0, Conv{"conv1", 3, 4, 3, 2})) == convolutions);
    CHECK(reason(with(1, Conv{"conv2", 4, 3, 3, 1, Padding::valid})) == convolutions);
}
