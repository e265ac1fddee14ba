// What `shadenet bench` prints.
#pragma once

#include <string>
#include <vector>

#include "bench/apply_bench.h"
#include "bench/benchmark.h"
#include "engine/plan_tiles.h"

namespace shadenet {

/// One JSON object, with a newline at its end. Its times are milliseconds. `tiles`: of each of the plans.
std::string bench_json(const DeviceInfo& device, const BenchOptions& options, const BenchResult& result,
                       const std::vector<ChosenTiles>& tiles);

/// What `apply` does with pictures, as lines on stdout.
void show_apply_bench(const ApplyTimes& times);

/// Tables on stdout, below the line that names the device.
void show_bench(const BenchOptions& options, const BenchResult& result,
                const std::vector<ChosenTiles>& tiles);

}  // namespace shadenet
