#include "engine/stack/memory_replay.h"

#include <algorithm>

#include <fmt/format.h>

namespace shadenet::test {

MemoryReplay::MemoryReplay(const MemoryNeeds& needs, const MemoryPlan& plan) : needs_(needs), plan_(plan) {
    const std::size_t units = needs.units.size(), last = plan.layout.shapes.size() - 1;
    pass_ = "packing";
    write({TensorUse::value, 0});
    for (std::size_t i = 0; i < units; ++i) forward(i);
    pass_ = "the loss";
    if (needs.target) write({TensorUse::target, last});
    read({TensorUse::value, last});
    write(gradient(last));
    begun_.insert(last);
    read({TensorUse::value, last});
    if (needs.target) read({TensorUse::target, last});
    for (std::size_t i = units; i-- > 0;) backward(i);
    pass_ = "the end";
    for (const std::size_t point : needs.kept) read({TensorUse::value, point});
}

void MemoryReplay::forward(std::size_t index) {
    const Unit& unit = needs_.units[index];
    pass_ = fmt::format("forward pass {}", index);
    read({TensorUse::value, unit.from});
    if (unit.adds()) read({TensorUse::value, unit.added});
    if (reads_features(needs_.network, plan_.layout, unit)) {
        write({TensorUse::features, unit.from});
        write({TensorUse::value, unit.to});
        return read({TensorUse::features, unit.from});
    }
    const bool in_place = unit.kind == Unit::Kind::values || unit.kind == Unit::Kind::add;
    write({TensorUse::value, unit.to});
    if (!in_place) read({TensorUse::value, unit.from});
}

void MemoryReplay::backward(std::size_t index) {
    const Unit& unit = needs_.units[index];
    for (const std::size_t made : plan_.remade_before[index]) {
        pass_ = fmt::format("making the result of unit {} again before backward pass {}", made, index);
        read_backward(needs_.units[made].from);
        write({TensorUse::remade, needs_.units[made].to});
        read_backward(needs_.units[made].from);
    }
    pass_ = fmt::format("backward pass {}", index);
    read(gradient(unit.to));
    const bool flattens = reads_features(needs_.network, plan_.layout, unit);
    const auto read_operands = [&] {
        if (unit.kind == Unit::Kind::weights && unit.activation) read_backward(unit.to);
        if (flattens) return read({TensorUse::features, unit.from});
        if (unit.kind == Unit::Kind::weights || unit.kind == Unit::Kind::values) read_backward(unit.from);
    };
    read_operands();
    if (unit.adds() && unit.added > 0) write_gradient(unit.added);
    if (unit.from == 0) return;
    if (flattens) write({TensorUse::features_gradient, unit.from});
    if (plan_.where.contains({TensorUse::part, unit.from})) {
        write({TensorUse::part, unit.from});
        if (flattens) read({TensorUse::features_gradient, unit.from});
        read(gradient(unit.to));
        read(gradient(unit.from));
        read({TensorUse::part, unit.from});
    }
    write_gradient(unit.from);
    read_operands();
}

/// The first part begins it, and others are added to what is there.
void MemoryReplay::write_gradient(std::size_t point) {
    if (!begun_.insert(point).second) read(gradient(point));
    write(gradient(point));
}

void MemoryReplay::read_backward(std::size_t point) {
    const TensorName remade{TensorUse::remade, point};
    read(plan_.where.contains(remade) ? remade : TensorName{TensorUse::value, point});
}

MemoryReplay::Held MemoryReplay::bytes_of(TensorName name) const {
    const PlannedTensor& tensor = plan_.tensors.at(plan_.where.at(name));
    return {name, tensor.place.block, tensor.place.offset, tensor.place.offset + tensor.life.bytes};
}

void MemoryReplay::write(TensorName name) {
    const Held written = bytes_of(name);
    std::erase_if(held_, [&](const Held& one) {
        return one.block == written.block && one.first < written.end && written.first < one.end;
    });
    held_.push_back(written);
}

void MemoryReplay::read(TensorName name) {
    const bool found = std::ranges::any_of(held_, [&](const Held& one) { return one.name == name; });
    if (found || !problem_.empty()) return;
    problem_ =
        fmt::format("{} does not find tensor {} of point {}", pass_, static_cast<int>(name.use), name.point);
}

}  // namespace shadenet::test
