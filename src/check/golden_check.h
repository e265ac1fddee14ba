// A golden run on the device against what was recorded.
#pragma once

#include <vector>

#include "check/compare.h"
#include "check/golden.h"
#include "engine/plan_choice.h"
#include "gpu/device.h"

namespace shadenet::check {

/// Trains as the run did, through `plan`, and compares: "loss" of every step, "gradient" of the first step,
/// "moving" statistics after every step, "final" parameters and statistics, and the "output" of inference
/// with them. Those words are the comparisons' `kernel`; `where` is the run's name. Gradients of biases under
/// a norm are to be exactly 0.
std::vector<Comparison> check_golden(const Device& device, const GoldenRun& run,
                                     PlanKind plan = PlanKind::automatic);

}  // namespace shadenet::check
