// How much arithmetic and memory traffic a training step is, counted from layers and plans.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "bench/roles.h"
#include "engine/two_layer/fused_tile.h"
#include "model/network.h"

namespace shadenet {

/// Floating-point operations of the convolutions and dense layers, two to a multiply-add; all else is small
/// beside them. What the network needs, whatever a plan computes twice or saves.
struct NetworkWork {
    double inference = 0;
    double training_step =
        0;  ///< forward, gradients of weights, and of inputs where a layer before wants them
};

/// For a batch of `input`.n images. Throws InputError when the layers do not fit.
NetworkWork count_work(const Network& network, const Shape& input);

/// What a kernel does in a training step.
struct Work {
    double operations = 0;  ///< two to a multiply-add of the convolutions and their gradients
    double bytes = 0;       ///< each value read or written once; 0 where this is not counted
};

/// By kernel: the kernels of the fused plan that convolve, with all columns and rows that their threads
/// compute, also beyond their own, for pictures of one word a pixel. `network` must be one that it takes.
std::map<std::string, Work> count_fused(const Network& network, const Shape& input, const FusedTiles& tiles);

/// The operations of the stack plan in a training step, by layer, named by point_names(), and pass.
std::map<std::pair<std::string, Pass>, double> count_layers(const Network& network, const Shape& input);

}  // namespace shadenet
