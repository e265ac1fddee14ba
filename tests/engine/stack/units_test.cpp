#include "engine/stack/units.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "catch.h"

using namespace shadenet;

namespace {

/// A letter for all that a unit does, in the order of the layers: w(eights), n(orm), a(ctivation), d(ropout),
/// s(um with point), v for average.
std::string unit_letters(const Unit& unit) {
    const std::string sum = fmt::format("s{}", unit.added);
    std::string text;
    if (unit.kind == Unit::Kind::weights) text += "w";
    if (unit.kind == Unit::Kind::average) text += "v";
    if (unit.kind == Unit::Kind::add) text += sum;
    if (unit.norm) text += "n";
    if (unit.sum == Sum::before_activation) text += sum;
    if (unit.activation) text += "a";
    if (unit.sum == Sum::after_activation) text += sum;
    if (unit.keep) text += "d";
    return text;
}

std::string unit_letters(const Network& network, Purpose purpose, const std::set<std::size_t>& kept = {}) {
    std::string text;
    std::size_t at = 0;
    for (const Unit& unit : units_of(network, purpose, kept)) {
        CHECK(unit.from == at);
        at = unit.to;
        text += (text.empty() ? "" : " ") + unit_letters(unit);
    }
    CHECK(at == network.layers.size());
    return text;
}

Network network_with(std::vector<Layer> layers) {
    return {any_size(4), std::move(layers)};
}

const Layer a_conv = Conv{"conv", 4, 4, 3};
const Layer a_norm = BatchNorm{"norm", 4};
const Layer a_relu = Activation{ActivationKind::relu};
const Layer a_dropout = Dropout{0.5f};

}  // namespace

TEST_CASE("units: training keeps norms apart from weights") {
    CHECK(unit_letters(network_with({a_conv, a_norm, a_relu, a_conv, a_relu, Skip{0}}), Purpose::training) ==
          "w na wa s0");
}

TEST_CASE("units: for inference weights take the norm, the activation and the sum that follow them") {
    const auto of = [](std::vector<Layer> layers) {
        return unit_letters(network_with(std::move(layers)), Purpose::inference);
    };
    CHECK(of({a_conv, a_norm, a_relu, a_conv, a_norm}) == "wna wn");
    CHECK(of({a_conv, a_norm, Skip{0}, a_relu}) == "wns0a");
    CHECK(of({a_conv, a_norm, a_relu, Skip{0}}) == "wnas0");
    CHECK(of({a_conv, Skip{0}, a_relu, Skip{0}}) == "ws0a s0");
    CHECK(of({a_conv, a_dropout, a_norm, a_dropout, a_relu, a_dropout, Skip{0}, a_dropout}) == "wnas0");
    // What does not follow the weights at once stays as it is.
    CHECK(of({a_norm, a_relu, a_conv, a_relu, a_norm, a_relu}) == "na wa na");
    CHECK(of({a_conv, a_norm, a_norm}) == "wn n");
    CHECK(of({a_conv, Skip{0}, a_norm}) == "ws0 n");
    CHECK(of({a_conv, a_norm, Average{}, a_relu}) == "wn v a");
}

TEST_CASE("units: points that are asked for or added later do not vanish") {
    const Network network = network_with({a_conv, a_norm, a_relu, a_conv, a_norm, Skip{1}, a_relu});
    CHECK(unit_letters(network, Purpose::inference) == "w na wns1a");
    CHECK(unit_letters(network, Purpose::inference, {2}) == "w n a wns1a");
    CHECK(unit_letters(network, Purpose::inference, {2, 5}) == "w n a wn s1 a");
    CHECK(unit_letters(network_with({a_conv, a_dropout, a_norm}), Purpose::inference, {1}) == "w d n");
}
