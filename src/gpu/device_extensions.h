#pragma once

#include "gpu/vulkan_api.h"

namespace shadenet {

/// Whether the device offers the extension.
bool has_device_extension(VkPhysicalDevice device, const char* wanted);

}  // namespace shadenet
