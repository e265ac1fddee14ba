#pragma once

#include <functional>

#include "gpu/device.h"

namespace shadenet {

/// Runs what `record` records, after all that was submitted before and before all that comes later, and
/// waits.
void run_and_wait(const Device& device, const std::function<void(VkCommandBuffer)>& record);

}  // namespace shadenet
