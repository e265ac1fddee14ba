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
    bool frozen = false;       ///< the norms use the moving statistics in the training step
    bool on_labels = false;    ///< the loss is the cross-entropy; the output [n,classes,1,1]
};

/// One training pass of the stack plan: result, loss, all gradients, and the moving and the batch's
/// statistics; then inference with these parameters. Data is drawn with the seed or a later one, such that
/// float32 can give no rectifier's input another sign.
std::vector<Comparison> check_network(const Device& device, const NetworkCase& one);

/// One step of a training plan, made of these shares, to which examples are dealt in runs: loss, gradients
/// and statistics as above. `tiles`: for the fused plan.
std::vector<Comparison> check_training_plan(const Device& device, const NetworkCase& one, PlanKind kind,
                                            const FusedTiles& tiles, std::uint32_t shares = 1);

/// The default network and its variants; and deeper networks with strides, valid padding, and skips that
/// begin at inner points, at other skips and twice at one point.
std::vector<NetworkCase> network_cases();

}  // namespace shadenet::check
