// What `shadenet bench` prints.
#pragma once

#include <string>

#include "bench/benchmark.h"

namespace shadenet {

/// One JSON object, with a newline at its end. Its times are milliseconds.
std::string bench_json(const DeviceInfo& device, const BenchOptions& options, const BenchResult& result,
                       const ChosenTiles& tiles);

/// Tables on stdout, below the line that names the device.
void show_bench(const BenchOptions& options, const BenchResult& result, const ChosenTiles& tiles);

}  // namespace shadenet
