// `shadenet bench --ranks`: training steps that the ranks of a job make together.
#pragma once

#include <string>

#include "bench/benchmark.h"
#include "group/shared_work.h"

namespace shadenet {

/// Of rank 0: times them, and prints what they took, and a prediction for more ranks. `device`: as --device
/// has it. Throws InputError in a process by itself, and where the device cannot hold a step.
void bench_ranks(SharedWork& work, const std::string& device, const BenchOptions& options, bool json);
/// Of the others, where the work has begun.
void follow_bench_ranks(SharedWork& work, const std::string& device, const BenchOptions& options);

}  // namespace shadenet
