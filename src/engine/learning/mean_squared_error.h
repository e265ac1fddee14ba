// The mean squared error on the device: shaders/loss_*.comp.
#pragma once

#include "engine/learning/loss.h"

namespace shadenet {

/// mean((result − target)²) over all n·c·h·w values; the gradient is 2·(result − target)/(n·c·h·w).
extern const LossKind mean_squared_error;

}  // namespace shadenet
