// Which tiles are fastest on a device: measured once, and only among those whose results are right there.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/learning/training_plan.h"
#include "engine/plan_tiles.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/two_layer/fused_pictures.h"
#include "engine/two_layer/tile_table.h"
#include "model/network.h"
#include "tune/layer_probe.h"
#include "tune/trials.h"

namespace shadenet {

struct Tuning : ChosenTiles {
    std::vector<Measurement> measured{};  ///< in the order of trying
};

/// Makes the plan that a choice of tiles is judged by, for so many pairs in that layout.
using PlanMaker =
    std::function<std::unique_ptr<TrainingPlan>(const ParameterBuffers& parameters, const FusedLayout& layout,
                                                std::uint32_t batch, const FusedTiles& tiles)>;

/// Tries the forward tiles with the default backward tile, then the backward tiles with the best forward one,
/// until `seconds` would be exceeded; the first is tried in any case. A choice counts only if loss and
/// gradients agree with the float64 reference. `make` is the fused plan where none is given. Throws WorkError
/// when none is right.
FusedTiles tune_fused(const Device& device, const Network& network, const TileTable& table, Trials& trials,
                      const PlanMaker& make = {});

/// Tries the tiles of each class of layers that training steps of `batch` have, the class with the most
/// operations first, and in each the forward pass, the gradient to the input and that of the weights, whose
/// fastest tile is tried with other numbers of splits too; passes for which there is no time have the
/// defaults. A choice counts only if the passes of a small layer agree with the float64 reference, by
/// `check`. What is chosen goes to the store, by network, and by class where all was tried, then without the
/// number of splits, which is the network's own; what was chosen before comes from there. Throws WorkError
/// when none of a class is right.
StackTiles tune_stack(const Device& device, const Network& network, const Shape& batch, Trials& trials,
                      const LayerCheck& check = check::check_weight_layer);

/// The tiles of a plan, fused or stack, for a network and the inputs of its largest training step: those
/// found before on this device with this driver and this build, else measured now (in under 3 seconds, or 5
/// for the stack plan, but for slow compilers) and kept in the user's cache folder. Without `measure` the
/// defaults. Throws WorkError as the above, and Stopped when the watch ends the trials: then the next run
/// measures what is left.
Tuning tiles_for(const Device& device, const Network& network, PlanKind plan, const Shape& batch,
                 bool measure, const TrialsWatch& watch = {});

}  // namespace shadenet
