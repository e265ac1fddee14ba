#include "engine/stack/memory_plan.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/tensors/packed.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

class MemoryPlanner {
  public:
    MemoryPlanner(const MemoryNeeds& needs, bool remake)
        : needs_(needs), units_(needs.units), names_(point_names(needs.network)) {
        plan_.layout = lay_out_points(needs.network, units_, needs.input, needs.purpose);
        plan_.steps = {units_.size()};
        plan_.shares = needs.shares;
        values_ = value_steps(needs.network, units_, plan_.layout, needs.purpose, needs.kept, remake);
    }

    MemoryPlan plan(std::uint64_t most_of_block) {
        add_values();
        add_remade();
        for (std::size_t i = 0; i < units_.size(); ++i) add_features(i);
        add_ends();
        if (trains()) add_gradients();
        std::vector<Life> lives;
        for (const PlannedTensor& tensor : plan_.tensors) lives.push_back(tensor.life);
        Placement placement = place(lives, most_of_block);
        for (std::size_t i = 0; i < plan_.tensors.size(); ++i) plan_.tensors[i].place = placement.places[i];
        plan_.blocks = std::move(placement.blocks);
        return std::move(plan_);
    }

  private:
    bool trains() const { return needs_.purpose == Purpose::training; }
    bool flattens(const Unit& unit) const { return reads_features(needs_.network, plan_.layout, unit); }
    const Shape& shape(std::size_t point) const { return plan_.layout.shapes[point]; }
    std::size_t last_point() const { return plan_.layout.shapes.size() - 1; }
    /// Each share's part can begin a binding.
    std::uint64_t of_shares(std::uint64_t bytes) const {
        return needs_.shares == 1 ? bytes : needs_.shares * align_up(bytes);
    }

    void add(TensorName name, const Shape& shape, std::size_t first, std::size_t last) {
        const bool of_point = name.use != TensorUse::target && name.use != TensorUse::planar;
        const std::string of = (of_point ? names_[name.point] + "'s " : "") + map_text(shape);
        const bool gradient = name.use == TensorUse::gradient || name.use == TensorUse::features_gradient ||
                              name.use == TensorUse::part;
        plan_.where[name] = plan_.tensors.size();
        plan_.tensors.push_back(
            {.text = gradient ? "the gradients of " + of : of,
             .shape = shape,
             .image_bytes = packed_bytes(with_images(shape, shape.plane() == 1 ? shape.n : 1)),
             .life = {of_shares(packed_bytes(shape)), first, last},
             .place = {}});
    }

    /// The point in whose memory a unit can write its result, since the unit is the last to read it and no
    /// thread reads there what another one writes; or the result's own.
    std::size_t overwritten(std::size_t index) const {
        const Unit& unit = units_[index];
        const auto ends = [&](std::size_t point) {
            return values_[point].last() == plan_.steps.forward(index) && shape(point) == shape(unit.to);
        };
        const bool by_values = unit.kind == Unit::Kind::values || unit.kind == Unit::Kind::add;
        if (by_values && ends(unit.from)) return unit.from;
        if (unit.adds() && (by_values || unit.added != unit.from) && ends(unit.added)) return unit.added;
        return unit.to;
    }

    void add_values() {
        add({TensorUse::value, 0}, shape(0), plan_.steps.pack(), values_[0].last());
        for (std::size_t i = 0; i < units_.size(); ++i) {
            const std::size_t to = units_[i].to, over = overwritten(i), last = values_[to].last();
            if (over == to) {
                add({TensorUse::value, to}, shape(to), plan_.steps.forward(i), last);
                continue;
            }
            const std::size_t shared = plan_.where.at({TensorUse::value, over});
            plan_.where[{TensorUse::value, to}] = shared;
            plan_.tensors[shared].life.last = last;
        }
    }

    void add_remade() {
        plan_.remade_before.resize(units_.size());
        for (std::size_t i = 0; i < units_.size(); ++i) {
            const ValueSteps& value = values_[units_[i].to];
            if (!value.remade) continue;
            add({TensorUse::remade, units_[i].to}, shape(units_[i].to), value.backward->first,
                value.backward->last);
            plan_.remade_before[plan_.steps.unit_of_backward(value.backward->first)].push_back(i);
        }
    }

    void add_features(std::size_t index) {
        const Unit& unit = units_[index];
        if (!flattens(unit)) return;
        const Shape& read = shape(unit.from);
        const Shape features{read.n, static_cast<std::uint32_t>(read.c * read.plane()), 1, 1};
        const std::size_t forward = plan_.steps.forward(index), backward = plan_.steps.backward(index);
        add({TensorUse::features, unit.from}, features, forward, trains() ? backward : forward);
        if (trains() && unit.from > 0) {
            add({TensorUse::features_gradient, unit.from}, features, backward, backward);
        }
    }

    /// A copy of any point that is handed out, and the target.
    void add_ends() {
        const std::size_t loss = plan_.steps.loss();
        if (needs_.target) add({TensorUse::target, last_point()}, *needs_.target, loss, loss);
        Shape largest = shape(last_point());
        for (const std::size_t point : needs_.kept) {
            if (image_bytes(shape(point)) > image_bytes(largest)) largest = shape(point);
        }
        add({TensorUse::planar, 0}, largest, loss, needs_.kept.empty() ? loss : plan_.steps.end());
        PlannedTensor& planar = plan_.tensors.back();
        planar.image_bytes = image_bytes(largest);
        planar.life.bytes = of_shares(largest.n * planar.image_bytes);
    }

    void add_gradients() {
        std::map<std::size_t, Life> lives;  // of the memory of points that have it
        const auto use = [&](std::size_t point, std::size_t step) {
            const std::size_t where = plan_.layout.gradient_of.at(point);
            Life& life = lives.try_emplace(where, Life{0, step, step}).first->second;
            life.first = std::min(life.first, step);
            life.last = std::max(life.last, step);
        };
        use(last_point(), plan_.steps.loss());
        for (std::size_t i = 0; i < units_.size(); ++i) {
            const Unit& unit = units_[i];
            const std::size_t step = plan_.steps.backward(i);
            use(unit.to, step);
            if (unit.from > 0) use(unit.from, step);
            if (unit.adds() && unit.added > 0) use(unit.added, step);
            const bool apart = unit.kind == Unit::Kind::average || flattens(unit);
            if (unit.from == 0 || !apart || !plan_.layout.added.contains(unit.from)) continue;
            add({TensorUse::part, unit.from}, shape(unit.from), step, step);
        }
        for (const auto& [point, life] : lives) {
            add({TensorUse::gradient, point}, shape(point), life.first, life.last);
        }
    }

    const MemoryNeeds& needs_;
    const std::vector<Unit>& units_;
    std::vector<std::string> names_;  ///< of the points
    std::vector<ValueSteps> values_;
    MemoryPlan plan_;
};

}  // namespace

std::uint64_t MemoryPlan::bytes() const {
    return std::accumulate(blocks.begin(), blocks.end(), std::uint64_t{0});
}

bool MemoryPlan::remakes() const {
    return std::ranges::any_of(remade_before, [](const auto& units) { return !units.empty(); });
}

MemoryPlan plan_memory(const MemoryNeeds& needs, std::uint64_t most_of_block) {
    MemoryPlan plan = MemoryPlanner(needs, false).plan(most_of_block);
    if (plan.bytes() <= needs.most_bytes || needs.purpose == Purpose::inference) return plan;
    MemoryPlan remaking = MemoryPlanner(needs, true).plan(most_of_block);
    return remaking.bytes() < plan.bytes() ? remaking : plan;
}

std::uint64_t feature_map_bytes(const Network& network, const Shape& input, Purpose purpose,
                                std::uint64_t most_bytes) {
    const std::vector<Unit> units = units_of(network, purpose);
    MemoryNeeds needs{
        .network = network, .units = units, .input = input, .purpose = purpose, .most_bytes = most_bytes};
    if (purpose == Purpose::training) needs.target = point_shapes(network, input).back();
    return plan_memory(needs, any_bytes).bytes();
}

}  // namespace shadenet
