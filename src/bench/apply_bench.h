// Times `shadenet apply` on a folder of pictures, beside the least that any program with these codecs needs.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>

#include "bench/summary.h"
#include "gpu/device.h"

namespace shadenet {

struct ApplyTimes {
    std::size_t pictures = 0;
    Summary apply;   ///< of all of them, through the reference network, untrained
    Summary codecs;  ///< the same pictures read, decoded, encoded and written by all processors, unfiltered
    Summary share;   ///< codecs / apply of each round, no unit
};

/// `runs` rounds, each of both, into a temporary folder that is removed. Nothing when `stop` became true
/// meanwhile. Throws InputError when the folder holds no pictures or one cannot be read.
std::optional<ApplyTimes> time_apply(std::unique_ptr<Device> device, const std::filesystem::path& folder,
                                     std::size_t runs, unsigned cores, const std::atomic<bool>& stop);

}  // namespace shadenet
