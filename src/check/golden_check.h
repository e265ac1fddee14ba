// A golden run on the device against its record.
#pragma once

#include <vector>

#include "check/compare.h"
#include "check/golden.h"
#include "engine/plan_choice.h"
#include "gpu/device.h"
#include "group/shares.h"

namespace shadenet::check {

/// Trains through `plan` like the run, and compares the "loss" of every step, the "gradient" of the first
/// step, the "moving" statistics after every step, the "final" parameters and statistics, and the "output" of
/// inference with them. These words are the comparisons' `kernel`; `where` is the run's name. Gradients of
/// biases before a norm must be exactly 0. Of several shares, to which examples are dealt in runs, all ranks
/// call it together, and each compares what its own device has.
std::vector<Comparison> check_golden(const Device& device, const GoldenRun& run,
                                     PlanKind plan = PlanKind::automatic, const Shares& shares = {});

}  // namespace shadenet::check
