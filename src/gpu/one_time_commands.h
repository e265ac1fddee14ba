#pragma once

#include <functional>

#include "gpu/device.h"

namespace shadenet {

/// Runs the commands that `record` records, after all earlier submissions and before all later ones, and
/// waits for them.
void run_and_wait(const Device& device, const std::function<void(VkCommandBuffer)>& record);

}  // namespace shadenet
