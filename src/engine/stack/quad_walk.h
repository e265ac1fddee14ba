// Kernels that go over all values of packed tensors channel by channel: shaders/include/quad_walk.glsl.
// Kernels that need no channel number their threads by engine/tensors/linear_threads.h.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "quad_walk_push.h"

namespace shadenet {

/// One call: the images to bind, and the runs of its threads, of which there are walk.threads along x.
struct QuadCall {
    ImageChunk images;
    push::QuadWalkPush walk;
};

/// Values of four channels that one call works on, at most: a fraction of a second on slow devices.
inline constexpr std::uint64_t most_values_per_call = 1 << 24;
/// Threads of a workgroup of such kernels.
inline constexpr std::uint32_t walk_local_size = 64;

/// Cuts a pass over tensors of x's shape so that every device runs each call: every run of `pixels_per_run`
/// pixels of every plane is in exactly one. Throws InputError when an image is too large to bind.
std::vector<QuadCall> quad_calls(const Device& device, const PackedView& x, std::uint32_t pixels_per_run,
                                 std::uint64_t most_values = most_values_per_call);

}  // namespace shadenet
