// Whether a device can hold a training run: known from its options and the headers of its pictures, before
// any of them is decoded.
#pragma once

#include <cstdint>
#include <string>

#include "gpu/device_info.h"
#include "model/network.h"
#include "model/plan_kind.h"

namespace shadenet {

/// Pictures of one size.
struct PictureExtent {
    std::uint32_t count = 0, width = 0, height = 0;
};

struct TrainingNeeds {
    Network network;
    PlanKind plan = PlanKind::fused;     ///< not automatic
    PictureExtent training, validation;  ///< pairs; no validation where its count is 0
    std::uint32_t batch = 1;             ///< pairs of the largest step
    bool whole_levels = false;           ///< all values of the training pictures are whole 255ths
    bool histograms = false;             ///< the norms' values are measured
};

/// The first thing that the device cannot do of it, in words that follow its name, or "". Memory in all is
/// only counted on devices that have their own. What fits may still not find free memory.
std::string obstacle(const DeviceInfo& device, const TrainingNeeds& needs);

/// The largest side of squares, 1 to `most`, that all pictures could be resized to for the device to hold the
/// run; 0 where there is none.
std::uint32_t largest_side(const DeviceInfo& device, TrainingNeeds needs, std::uint32_t most);

}  // namespace shadenet
