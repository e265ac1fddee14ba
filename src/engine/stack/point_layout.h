// The points of a network as the stack plan stores them.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <vector>

#include "engine/stack/units.h"
#include "model/network.h"

namespace shadenet {

struct PointLayout {
    std::vector<Shape> shapes;  ///< of all points, the input's among them
    /// For training: the point in whose memory a point's gradient is. Points that are their own have memory.
    std::map<std::size_t, std::size_t> gradient_of;
    /// Points that a later `add` reads, so that their gradients have several parts. All but that of the unit
    /// after the point are there when that unit's turn comes.
    std::set<std::size_t> added;
};

/// Throws InputError when the layers do not fit the input or one another.
PointLayout lay_out_points(const Network& network, const std::vector<Unit>& units, const Shape& input,
                           Purpose purpose);

/// Whether the unit is of a dense layer that reads images of several pixels, as features.
bool reads_features(const Network& network, const PointLayout& layout, const Unit& unit);

}  // namespace shadenet
