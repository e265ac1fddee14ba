#include "engine/stack/point_layout.h"

#include <algorithm>
#include <ranges>
#include <variant>

namespace shadenet {

namespace {

/// The input as its tensor: features, if the network begins with a dense layer and reads it nowhere else.
Shape stored_input(const Network& network, const std::vector<Unit>& units, const Shape& input) {
    const bool added =
        std::ranges::any_of(units, [](const Unit& unit) { return unit.adds() && unit.added == 0; });
    const bool dense = !network.layers.empty() && std::holds_alternative<Dense>(network.layers.front());
    if (added || !dense) return input;
    return {input.n, static_cast<std::uint32_t>(input.c * input.plane()), 1, 1};
}

}  // namespace

bool reads_features(const Network& network, const PointLayout& layout, const Unit& unit) {
    return std::holds_alternative<Dense>(network.layers[unit.from]) && layout.shapes[unit.from].plane() > 1;
}

PointLayout lay_out_points(const Network& network, const std::vector<Unit>& units, const Shape& input,
                           Purpose purpose) {
    PointLayout layout{.shapes = point_shapes(network, input), .gradient_of = {}, .added = {}};
    layout.shapes.front() = stored_input(network, units, layout.shapes.front());
    for (const Unit& unit : units) {
        if (unit.kind == Unit::Kind::add) layout.added.insert(unit.added);
    }
    if (purpose == Purpose::inference) return layout;
    const std::size_t last = layout.shapes.size() - 1;
    layout.gradient_of[last] = last;
    for (auto unit = units.rbegin(); unit != units.rend(); ++unit) {
        if (unit->from == 0) continue;
        const bool in_place = unit->kind == Unit::Kind::values || unit->kind == Unit::Kind::add;
        const bool handed_on = in_place && !layout.added.contains(unit->from);
        layout.gradient_of[unit->from] = handed_on ? layout.gradient_of.at(unit->to) : unit->from;
    }
    return layout;
}

}  // namespace shadenet
