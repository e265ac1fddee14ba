// Inference of any network that keeps a picture's size and colours, layer after layer.
#pragma once

#include <memory>

#include "engine/tiles/tile_kernels.h"
#include "model/parameters.h"

namespace shadenet {

/// The result is (1 − strength)·input + strength·network(input). `tile`: at most this many pixels high and
/// wide.
std::unique_ptr<TileKernels> make_stack_kernels(const Device& device, const Network& network,
                                                const Parameters& values, std::uint32_t tile, float strength);

}  // namespace shadenet
