#include "cli/device_text.h"

#include <cstdlib>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/output.h"
#include "gpu/device.h"

namespace shadenet {

std::string device_line(const DeviceInfo& device, const std::string& reason) {
    return fmt::format("{}, {}, Vulkan {}: {}", device.name, to_string(device.kind),
                       device.api_version_text(), reason);
}

void say_device(const std::vector<std::string>& lines, const Device& device) {
    if (lines.empty()) say_entry("device", device_line(device.info(), device.reason()));
    for (const std::string& line : lines) say_entry(&line == &lines.front() ? "device" : "", line);
}

void warn_of_software(const DeviceInfo& device) {
    if (device.kind != DeviceKind::software) return;
    const char* asked_for = std::getenv("SHADENET_DEVICE");
    if (asked_for != nullptr && *asked_for != '\0') return;
    spdlog::warn(
        "{} is a software device: the processor does all the work, slowly; `shadenet devices` shows "
        "what else there is, and --device cpu says that it is meant",
        device.name);
}

}  // namespace shadenet
