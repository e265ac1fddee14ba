// What the device can do at best, measured: the yardstick for everything else.
#pragma once

#include "gpu/device.h"

namespace shadenet {

struct Peaks {
    double gflops = 0;         ///< multiply-adds in registers, two operations each
    double copy_gb_per_s = 0;  ///< copying between two large buffers, bytes read plus bytes written
};

/// Takes about a second.
Peaks measure_peaks(const Device& device);

}  // namespace shadenet
