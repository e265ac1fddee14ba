// A picture in a buffer of the device.
#pragma once

#include <cstdint>

#include "gpu/buffer.h"

namespace shadenet {

/// Three planes of floats: the value of channel c, row y, column x lies `offset + c·plane + y·pitch + x`
/// floats into the range. `value·factor + shift` is the value in the range 0..1.
struct PixelPlanes {
    BufferRange range;
    std::uint32_t width = 0, height = 0;
    std::uint32_t offset = 0, pitch = 0, plane = 0;
    float factor = 1, shift = 0;
};

}  // namespace shadenet
