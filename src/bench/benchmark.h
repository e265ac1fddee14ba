// Times training steps and inference of the reference network on a device.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "bench/peaks.h"
#include "bench/summary.h"
#include "bench/work.h"
#include "gpu/device.h"
#include "gpu/profiler.h"

namespace shadenet {

struct BenchOptions {
    std::uint32_t size = 512;  ///< side of the pictures
    std::uint32_t batch = 4;   ///< pictures of a training step; inference is of one
    std::uint32_t runs = 11;   ///< counted ones, after two that are not
};

struct BenchResult {
    std::string plan;
    Summary train_step, inference;
    Work work;  ///< of a training step of the batch, and of the inference of one picture
    std::map<std::string, KernelTime> train_kernels;  ///< of all counted training steps together
    Peaks peaks;
};

/// Wall-clock times from the first call recorded to the last one finished, the host's work included; pictures
/// and results stay on the device. Throws InputError when the sizes do not fit the device.
BenchResult run_benchmark(const Device& device, const BenchOptions& options);

}  // namespace shadenet
