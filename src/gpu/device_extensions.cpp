#include "gpu/device_extensions.h"

#include <cstdint>
#include <cstring>
#include <vector>

namespace shadenet {

bool has_device_extension(VkPhysicalDevice device, const char* wanted) {
    std::uint32_t count = 0;
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, nullptr);
    std::vector<VkExtensionProperties> extensions(count);
    vkEnumerateDeviceExtensionProperties(device, nullptr, &count, extensions.data());
    for (const auto& extension : extensions) {
        if (std::strcmp(extension.extensionName, wanted) == 0) return true;
    }
    return false;
}

}  // namespace shadenet
