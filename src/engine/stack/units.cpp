#include "engine/stack/units.h"

#include <utility>
#include <variant>

namespace shadenet {

namespace {

/// Takes layers one after the other, as long as nobody reads the points between them.
class UnitReader {
  public:
    UnitReader(const Network& network, std::set<std::size_t> kept)
        : layers_(network.layers), kept_(std::move(kept)) {
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
            take_activation(unit);
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

    void take_values(Unit& unit) {
        if (const auto* norm = next_layer<BatchNorm>(unit)) {
            unit.norm = *norm;
            ++next_;
        }
        take_activation(unit);
        if (const auto* dropout = next_layer<Dropout>(unit)) {
            unit.keep = dropout->keep;
            unit.dropout_layer = next_++;
        }
    }

    void take_activation(Unit& unit) {
        const auto* activation = next_layer<Activation>(unit);
        if (activation == nullptr) return;
        unit.activation = activation->kind;
        ++next_;
    }

    /// The next layer, if it is of this kind and belongs to the unit.
    template <class Kind>
    const Kind* next_layer(const Unit& unit) const {
        if (next_ == layers_.size() || (next_ > unit.from && kept_.contains(next_))) return nullptr;
        return std::get_if<Kind>(&layers_[next_]);
    }

    const std::vector<Layer>& layers_;
    std::set<std::size_t> kept_;
    std::size_t next_ = 0;
};

}  // namespace

std::vector<Unit> units_of(const Network& network, const std::set<std::size_t>& kept) {
    return UnitReader(network, kept).read();
}

}  // namespace shadenet
