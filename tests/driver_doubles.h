// Drivers as the tests' machine does not have them: with memory of their own, or failing.
#pragma once

#include <cstdlib>
#include <memory>

#include "gpu/device.h"
#include "gpu/vulkan_api.h"

namespace shadenet {

/// The tests' device, which shares the host's memory, opened as if it did not: all goes through staging.
inline std::unique_ptr<Device> device_with_own_memory() {
    setenv("SHADENET_VALIDATION", "1", 0);
    const auto instance = Instance::create();
    const auto devices = list_devices(*instance);
    DeviceInfo info = devices[choose_device(devices, "").index];
    info.unified_memory = false;
    return std::make_unique<Device>(instance, info, "as if it had memory of its own");
}

/// Puts another function in the place of one of Vulkan's for as long as this lives.
template <class Function>
class Replaced {
  public:
    Replaced(Function& place, Function other) : place_(place), original_(place) { place = other; }
    ~Replaced() { place_ = original_; }
    Replaced(const Replaced&) = delete;
    Replaced& operator=(const Replaced&) = delete;

  private:
    Function& place_;
    Function original_;
};

inline VkResult no_memory(VkDevice, const VkMemoryAllocateInfo*, const VkAllocationCallbacks*,
                          VkDeviceMemory*) {
    return VK_ERROR_OUT_OF_DEVICE_MEMORY;
}

inline VkResult lost_at_submission(VkQueue, std::uint32_t, const VkSubmitInfo*, VkFence) {
    return VK_ERROR_DEVICE_LOST;
}

}  // namespace shadenet
