// What the stack plan asks of a unit, and what its units share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <vector>

#include "engine/learning/mode.h"
#include "engine/learning/optimizer.h"
#include "engine/stack/add.h"
#include "engine/stack/point_passes.h"
#include "engine/stack/scratch.h"
#include "engine/stack/stack_points.h"
#include "engine/stack/stack_tiles.h"
#include "engine/stack/step_rows.h"
#include "engine/stack/tiling.h"
#include "engine/stack/units.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"

namespace shadenet {

/// One pass over the units, forward and backward.
struct StackPass {
    Recorder& recorder;
    Mode mode;
    BufferRange dropout{};            ///< the share's numbers; nothing in an evaluation
    std::optional<Tiling> moments{};  ///< of the latest unit's result, in the scratch memory
    std::uint32_t share = 0;          ///< the one of this rank that is in hand
    std::uint64_t step_images = 0;    ///< images of all shares
};

/// A step's shares are taken one after the other by each of the calls that are named for a share, and what
/// they have in common by the others, once. A pass of one share makes the same calls.
class UnitPasses {
  public:
    virtual ~UnitPasses() = default;

    /// Of a share, right after what the unit reads was made: takes in what its statistics come from.
    virtual void take_moments(StackPass&) {}
    /// Then of all: the statistics.
    virtual void join_moments(StackPass&) {}
    /// Of a share.
    virtual void forward(StackPass& pass) = 0;

    /// Of a share: takes in the sums that the gradient of what the unit reads depends on.
    virtual void take_sums(StackPass&) {}
    /// Then of all: the gradients of a norm's parameters.
    virtual void join_sums(StackPass&) {}
    /// Of a share, from the gradient of the unit's result: the gradients of its parameters, and that of what
    /// it reads.
    virtual void backward(StackPass& pass) = 0;
    /// Of a share without an example, in place of all that.
    virtual void take_nothing(StackPass&) {}
    /// Of all, after StepRows were exchanged: what is left of the gradients, where there are several shares.
    virtual void finish(StackPass&) {}

    /// Makes the result of forward() again, with the same bits, where the backward passes find it. Only units
    /// of values are asked (see value_steps()), and others throw std::logic_error.
    virtual void remake(StackPass&) { throw std::logic_error("a unit that makes no result again"); }

    /// Of weights: see WeightLayer.
    virtual void refresh(Recorder&) {}
    virtual void update(Recorder&, const OptimizerKernels&) const {}
    virtual void add_gradient(Recorder&, const OptimizerKernels&) const {}
    /// Of a norm.
    virtual void set_decay(Recorder&, float) {}
};

/// What a unit is made from.
struct UnitContext {
    const Device& device;
    const Network& network;
    ParameterBuffers& parameters;
    StackPoints& points;
    Scratch& scratch;
    const AddPass& add;
    Purpose purpose;
    const StackTiles& tiles;
    const std::vector<Unit>& units;
    std::size_t index;  ///< of the unit
    StepRows* rows;     ///< of a step of several shares, else null

    const Unit& unit() const { return units[index]; }
    /// Null at the ends.
    const Unit* before() const { return index > 0 ? &units[index - 1] : nullptr; }
    const Unit* after() const { return index + 1 < units.size() ? &units[index + 1] : nullptr; }
    bool trains() const { return purpose == Purpose::training; }
    Shares shares() const { return rows != nullptr ? rows->shares() : Shares(); }
};

/// The passes of any unit.
std::unique_ptr<UnitPasses> make_unit_passes(const UnitContext& context);
std::unique_ptr<UnitPasses> make_weight_unit(const UnitContext& context);
std::unique_ptr<UnitPasses> make_value_unit(const UnitContext& context);

}  // namespace shadenet
