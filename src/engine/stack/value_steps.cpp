#include "engine/stack/value_steps.h"

#include <algorithm>

namespace shadenet {

namespace {

/// Steps are told in any order.
void read_backward(ValueSteps& value, std::size_t step) {
    if (!value.backward) value.backward = ValueSteps::Reads{step, step};
    value.backward->first = std::min(value.backward->first, step);
    value.backward->last = std::max(value.backward->last, step);
}

/// From the last unit to the first, because what makes a value again reads another one that may be made
/// again, too.
void choose_remade(std::vector<ValueSteps>& values, const std::vector<Unit>& units) {
    constexpr std::size_t loss_alone = 2;  // steps from the last unit's forward pass to its backward pass
    for (auto unit = units.rbegin(); unit != units.rend(); ++unit) {
        ValueSteps& made = values[unit->to];
        if (unit->kind != Unit::Kind::values || !made.backward) continue;
        if (made.backward->first <= made.last_forward + loss_alone) continue;
        made.remade = true;
        read_backward(values[unit->from], made.backward->first);
    }
}

}  // namespace

std::size_t ValueSteps::last() const {
    return backward && !remade ? std::max(last_forward, backward->last) : last_forward;
}

std::vector<ValueSteps> value_steps(const Network& network, const std::vector<Unit>& units,
                                    const PointLayout& layout, Purpose purpose,
                                    const std::set<std::size_t>& kept, bool remake) {
    const StackSteps steps{units.size()};
    std::vector<ValueSteps> values(layout.shapes.size());
    for (std::size_t i = 0; i < units.size(); ++i) {
        const Unit& unit = units[i];
        const std::size_t forward = steps.forward(i), backward = steps.backward(i);
        values[unit.from].last_forward = forward;
        if (unit.adds()) values[unit.added].last_forward = forward;
        values[unit.to].last_forward = forward;
        if (purpose == Purpose::inference) continue;
        const bool for_weights = unit.kind == Unit::Kind::weights && !reads_features(network, layout, unit);
        if (for_weights || unit.kind == Unit::Kind::values) read_backward(values[unit.from], backward);
        const bool for_slope = unit.kind == Unit::Kind::weights && unit.activation;
        if (for_slope) read_backward(values[unit.to], backward);
    }
    values.back().last_forward = steps.loss();
    for (const std::size_t point : kept) values[point].last_forward = steps.end();
    if (remake) choose_remade(values, units);
    return values;
}

}  // namespace shadenet
