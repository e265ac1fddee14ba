#include "cli/device_text.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace shadenet {

std::string device_line(const DeviceInfo& device, const std::string& reason) {
    return fmt::format("{}, {}, Vulkan {}: {}", device.name, to_string(device.kind),
                       device.api_version_text(), reason);
}

void warn_of_software(const DeviceInfo& device) {
    if (device.kind != DeviceKind::software) return;
    spdlog::warn(
        "{} is a software device: the processor does all the work, slowly; `shadenet devices` shows "
        "what else there is",
        device.name);
}

}  // namespace shadenet
