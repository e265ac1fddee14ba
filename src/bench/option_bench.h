// What the options of `train` cost: a training step with each, beside one of the defaults.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "bench/summary.h"
#include "bench/training_bench.h"

namespace shadenet {

struct OptionTimes {
    std::string flags;  ///< as `train` takes them
    std::string plan;   ///< "fused" or "layerwise"
    Summary train_step;
    Summary ratio;        ///< of each step to the default one right before it; no unit
    std::string problem;  ///< why it could not be run; empty when it was
};

/// Every option that changes what the device does in a step, `runs` times in turns with the defaults, on
/// noise of `shape` [n,3,h,w]. Those that change a number of the host's alone (schedules, an early stop, how
/// the parameters begin) cost a step nothing, and are not among them.
std::vector<OptionTimes> time_options(const Device& device, const Shape& shape, std::uint32_t runs,
                                      const FusedTiles& tiles);

}  // namespace shadenet
