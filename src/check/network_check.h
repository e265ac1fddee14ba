// Whole networks on the device against float64.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "engine/plan_choice.h"
#include "gpu/device.h"
#include "model/network.h"

namespace shadenet::check {

struct NetworkCase {
    std::string name;
    Network network;
    Shape x;
    std::uint64_t seed = 1;
    Data data = Data::normal;  ///< of input and target
    bool frozen = false;       ///< the norms of the training step use the moving statistics
};

/// One training pass of the layerwise plan: result, loss, the gradient of every parameter, moving statistics
/// and the batch's own; then inference with those. Data is drawn, beginning with the seed, until no
/// rectifier's input lies so close to zero that float32 could take it for the other side.
std::vector<Comparison> check_network(const Device& device, const NetworkCase& one);

/// One step of a training plan: loss, gradients and moving statistics as above. `tiles` are the fused plan's.
std::vector<Comparison> check_training_plan(const Device& device, const NetworkCase& one, PlanKind kind,
                                            const FusedTiles& tiles);

/// The default network and its variants, and deeper lists that no option makes: strides, valid padding, skips
/// that begin at inner points, at each other and twice at one point.
std::vector<NetworkCase> network_cases();

}  // namespace shadenet::check
