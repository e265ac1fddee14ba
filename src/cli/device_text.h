// Devices in words.
#pragma once

#include <string>
#include <vector>

#include "gpu/device_info.h"

namespace shadenet {

class Device;

/// "NVIDIA H200, discrete GPU, Vulkan 1.3.277: the only usable device".
std::string device_line(const DeviceInfo& device, const std::string& reason);

/// Says which device does the work: `lines`, one for each rank; without lines, the line of `device`.
void say_device(const std::vector<std::string>& lines, const Device& device);

/// Says in the log, once, that no GPU is at work, if so.
void warn_of_software(const DeviceInfo& device);

}  // namespace shadenet
