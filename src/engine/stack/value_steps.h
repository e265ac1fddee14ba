// When passes write and read the values of points.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "engine/stack/point_layout.h"
#include "engine/stack/units.h"
#include "model/network.h"

namespace shadenet {

/// The steps of a pass over the units, counted from 0.
struct StackSteps {
    std::size_t units = 0;

    std::size_t pack() const { return 0; }
    std::size_t forward(std::size_t unit) const { return 1 + unit; }
    /// Of the result: it is handed out, or compared with the target.
    std::size_t loss() const { return 1 + units; }
    std::size_t backward(std::size_t unit) const { return 2 * units + 1 - unit; }
    std::size_t unit_of_backward(std::size_t step) const { return 2 * units + 1 - step; }
    std::size_t end() const { return 2 * units + 2; }
};

/// The steps in which passes need a point's value; the first one is the forward pass that writes the value.
struct ValueSteps {
    struct Reads {
        std::size_t first = 0, last = 0;
    };
    std::size_t last_forward = 0;   ///< to the end, where it is kept
    std::optional<Reads> backward;  ///< by backward passes
    bool remade = false;            ///< made again from what it was made from, right before those

    /// The last step in which the value that the forward pass wrote is needed.
    std::size_t last() const;
};

/// Of every point that a unit reads or writes. In training units of weights and of values read their input
/// again on the way back, and the slope of an activation after weights comes from its result. With `remake`
/// the results of units of values are made again for that, unless nothing runs meanwhile or they are `kept`.
std::vector<ValueSteps> value_steps(const Network& network, const std::vector<Unit>& units,
                                    const PointLayout& layout, Purpose purpose,
                                    const std::set<std::size_t>& kept, bool remake);

}  // namespace shadenet
