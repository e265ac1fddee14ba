// A network's list of layers, grouped into what the stack plan runs as one pass.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "model/network.h"

namespace shadenet {

enum class Purpose { training, inference };

/// Where a layer with weights adds another tensor to its result.
enum class Sum { none, before_activation, after_activation };

/// Layers that follow one another and share a pass forward. Points are counted as in Skip: a unit reads point
/// `from`, and writes point `to`; the points between are nowhere.
struct Unit {
    enum class Kind {
        weights,  ///< conv or dense, and an activation; for inference also a norm, dropout and a sum
        values,   ///< any of norm, activation and dropout, in this order
        average,
        add,
    };
    Kind kind = Kind::values;
    std::size_t from = 0, to = 0;  ///< `from` is the first layer's place in the list, too
    std::optional<ActivationKind> activation{};
    std::optional<BatchNorm> norm{};  ///< of `values` the first; of `weights` the one after the weights
    std::optional<float> keep{};      ///< of `values`: of the dropout
    std::size_t dropout_layer = 0;    ///< its place in the list
    Sum sum = Sum::none;              ///< of `weights`
    std::size_t added = 0;            ///< of `add`, and of a sum: the point that is added

    bool adds() const { return kind == Kind::add || sum != Sum::none; }
};

/// The points before and after the norms.
std::set<std::size_t> norm_points(const Network& network);

/// `kept`: points that must not vanish within a unit, apart from those that an `add` reads.
std::vector<Unit> units_of(const Network& network, Purpose purpose, const std::set<std::size_t>& kept = {});

}  // namespace shadenet
