// Which plan trains a network.
#pragma once

#include <cstdint>
#include <memory>

#include "data/examples.h"
#include "engine/learning/loss.h"
#include "engine/learning/training_plan.h"
#include "engine/plan_tiles.h"
#include "engine/stack/memory_plan.h"
#include "engine/tensors/parameter_buffers.h"
#include "group/shares.h"
#include "model/network.h"
#include "model/plan_kind.h"

namespace shadenet {

/// The plan that is `wanted`, which is stack for layerwise; for automatic, the fused plan if it takes the
/// network, and else the stack plan. Throws InputError when fused is wanted and does not take the network.
PlanChoice choose_plan(const Network& network, PlanKind wanted);

/// A plan for batches of up to `batch` examples of each share, with the shapes of `examples`. The loss of the
/// fused plan is always the mean squared error; `loss`, `seed`, dropout's, and `most_bytes`,
/// feature_map_room(): for the stack plan. The parameters' weights lie as weight_layout() says. Throws
/// InputError as the plans do.
std::unique_ptr<TrainingPlan> make_training_plan(PlanKind kind, const Device& device, const Network& network,
                                                 ParameterBuffers& parameters, const Examples& examples,
                                                 std::uint32_t batch, const PlanTiles& tiles,
                                                 const LossKind& loss = mean_squared_error,
                                                 std::uint64_t seed = 0, std::uint64_t most_bytes = any_bytes,
                                                 const Shares& shares = {});

/// How the plan that `wanted` chooses reads weights.
WeightLayout weight_layout(const Network& network, PlanKind wanted);

}  // namespace shadenet
