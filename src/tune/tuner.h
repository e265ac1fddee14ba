// Which tiles of the fused plan are fastest on a device: measured once, and only among those whose results
// are right there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/learning/training_plan.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/two_layer/fused_pictures.h"
#include "engine/two_layer/tile_table.h"
#include "model/network.h"

namespace shadenet {

/// One choice of tiles on the probe: a few pictures, small enough for a reference in float64.
struct Measurement {
    FusedTiles tiles;
    double seconds = 0;   ///< of a training step; 0 where it failed
    std::string problem;  ///< why it is not used; empty when it is right
};

struct Tuning : ChosenTiles {
    std::vector<Measurement> measured;  ///< in the order of trying
};

/// Makes the plan that a choice of tiles is judged by, for so many pairs in that layout.
using PlanMaker =
    std::function<std::unique_ptr<TrainingPlan>(const ParameterBuffers& parameters, const FusedLayout& layout,
                                                std::uint32_t batch, const FusedTiles& tiles)>;

/// Tries the forward tiles with the default backward tile, then the backward tiles with the best forward one,
/// until `seconds` would be exceeded; the first is tried in any case. A choice counts only if loss and
/// gradients agree with the float64 reference. `make` is the fused plan where none is given. Throws WorkError
/// when none is right.
Tuning tune(const Device& device, const Network& network, const TileTable& table, double seconds,
            const PlanMaker& make = {});

/// The tiles for a network: those found before on this device with this driver and this build, else measured
/// now (in under 3 seconds but for slow compilers) and kept in the user's cache folder. Without `measure`, or
/// for a network that the fused plan does not take, the defaults. Throws WorkError as tune() does.
Tuning tiles_for(const Device& device, const Network& network, bool measure);

}  // namespace shadenet
