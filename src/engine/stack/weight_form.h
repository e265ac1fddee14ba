// A convolution or a dense layer as the passes of the stack plan see it, and how they see images.
#pragma once

#include <cstdint>
#include <string>

#include "engine/tensors/packed.h"
#include "engine/tensors/weight_blocks.h"
#include "model/network.h"

namespace shadenet {

struct WeightForm {
    std::string name;
    WeightExtent weights;
    std::uint32_t kernel = 1, stride = 1, pad = 0;

    /// Of a convolution its own numbers; of a dense layer features side by side, and one tap.
    static WeightForm of(const Conv& conv);
    static WeightForm of(const Dense& dense);

    std::string weight_name() const { return name + ".weight"; }
    std::string bias_name() const { return name + ".bias"; }
};

/// Images as a pass sees them: `joined` ones of one pixel are one image of one row, where no tap but one
/// meets them. Strides count vec4s.
struct PassImages {
    std::uint32_t count, height, width, image_stride, block_stride;

    static PassImages of(const PackedView& view, bool joined);
};

/// Multiply-adds of one call, so that none lasts too long for a driver's watchdog.
inline constexpr std::uint64_t products_per_call = std::uint64_t{4} << 30;

}  // namespace shadenet
