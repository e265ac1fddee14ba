#include "engine/stack/units.h"

#include <utility>
#include <variant>

namespace shadenet {

namespace {

/// Takes layers one after the other, as long as nobody reads the points between them.
class UnitReader {
  public:
    UnitReader(const Network& network, Purpose purpose, std::set<std::size_t> kept)
        : layers_(network.layers),
          margins_(point_margins(network)),
          purpose_(purpose),
          kept_(std::move(kept)) {
        for (const Layer& layer : layers_) {
            if (const auto* skip = std::get_if<Skip>(&layer)) kept_.insert(skip->from_point);
        }
    }

    std::vector<Unit> read() {
        std::vector<Unit> units;
        while (next_ < layers_.size()) units.push_back(unit());
        return units;
    }

  private:
    Unit unit() {
        Unit unit{.from = next_};
        const Layer& layer = layers_[next_];
        if (has_weights(layer)) {
            unit.kind = Unit::Kind::weights;
            ++next_;
            purpose_ == Purpose::inference ? take_for_inference(unit) : take_activation(unit);
        } else if (const auto* skip = std::get_if<Skip>(&layer)) {
            unit.kind = Unit::Kind::add;
            unit.added = skip->from_point;
            ++next_;
        } else if (std::holds_alternative<Average>(layer)) {
            unit.kind = Unit::Kind::average;
            ++next_;
        } else {
            take_values(unit);
        }
        unit.to = next_;
        return unit;
    }

    /// The norm goes into the weights, and dropout does nothing.
    void take_for_inference(Unit& unit) {
        pass_dropout(unit);
        take_norm(unit);
        take_sum(unit, Sum::before_activation);
        take_activation(unit);
        if (unit.activation && unit.sum == Sum::none) take_sum(unit, Sum::after_activation);
    }

    void take_values(Unit& unit) {
        take_norm(unit);
        take_activation(unit);
        if (const auto* dropout = next_layer<Dropout>(unit)) {
            unit.keep = dropout->keep;
            unit.dropout_layer = next_++;
        }
    }

    void take_norm(Unit& unit) {
        const auto* norm = next_layer<BatchNorm>(unit);
        if (norm == nullptr) return;
        unit.norm = *norm;
        ++next_;
        pass_dropout(unit);
    }

    void take_activation(Unit& unit) {
        const auto* activation = next_layer<Activation>(unit);
        if (activation == nullptr) return;
        unit.activation = activation->kind;
        ++next_;
        pass_dropout(unit);
    }

    void take_sum(Unit& unit, Sum sum) {
        const auto* skip = next_layer<Skip>(unit);
        // Where a ring is left out, the sum is a unit of its own.
        if (skip == nullptr || margins_[skip->from_point] != margins_[next_]) return;
        unit.sum = sum;
        unit.added = skip->from_point;
        ++next_;
        pass_dropout(unit);
    }

    void pass_dropout(const Unit& unit) {
        if (purpose_ == Purpose::training || unit.kind != Unit::Kind::weights) return;
        while (next_layer<Dropout>(unit) != nullptr) ++next_;
    }

    /// The next layer, if it is of this kind and belongs to the unit.
    template <class Kind>
    const Kind* next_layer(const Unit& unit) const {
        if (next_ == layers_.size() || (next_ > unit.from && kept_.contains(next_))) return nullptr;
        return std::get_if<Kind>(&layers_[next_]);
    }

    const std::vector<Layer>& layers_;
    std::vector<std::uint32_t> margins_;
    Purpose purpose_;
    std::set<std::size_t> kept_;
    std::size_t next_ = 0;
};

}  // namespace

std::set<std::size_t> norm_points(const Network& network) {
    std::set<std::size_t> points;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (std::holds_alternative<BatchNorm>(network.layers[i])) points.insert({i, i + 1});
    }
    return points;
}

std::vector<Unit> units_of(const Network& network, Purpose purpose, const std::set<std::size_t>& kept) {
    return UnitReader(network, purpose, kept).read();
}

}  // namespace shadenet
