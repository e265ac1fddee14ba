// One opened device with one compute queue. Kernels may be made for it in several threads at once;
// everything else is for one thread at a time.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "gpu/device_info.h"
#include "gpu/instance.h"
#include "gpu/vulkan_api.h"

namespace shadenet {

class Device {
  public:
    /// Connects to Vulkan and opens the device that choose_device() picks for `request`.
    static std::unique_ptr<Device> open(const std::string& request = "");
    Device(std::shared_ptr<Instance> instance, DeviceInfo info, std::string reason);
    ~Device();
    Device(const Device&) = delete;
    Device& operator=(const Device&) = delete;

    const DeviceInfo& info() const { return info_; }
    /// Why this device was chosen.
    const std::string& reason() const { return reason_; }
    const Instance& instance() const { return *instance_; }

    VkDevice handle() const { return handle_; }
    VkQueue queue() const { return queue_; }
    VkPipelineCache pipeline_cache() const { return pipeline_cache_; }
    const VkPhysicalDeviceMemoryProperties& memory() const { return memory_; }

    /// Names a Vulkan object for debuggers and validation messages; free where nobody listens.
    void name(VkObjectType type, std::uint64_t object, const std::string& text) const;
    /// require_success() with this device's name. Remembers when the device is lost.
    void require(VkResult result, const char* call) const {
        if (result == VK_ERROR_DEVICE_LOST) lost_ = true;
        require_success(result, call, info_.name);
    }

  private:
    void create_device();

    std::shared_ptr<Instance> instance_;
    DeviceInfo info_;
    std::string reason_;
    VkPhysicalDeviceMemoryProperties memory_{};
    VkDevice handle_ = VK_NULL_HANDLE;
    VkQueue queue_ = VK_NULL_HANDLE;
    VkPipelineCache pipeline_cache_ = VK_NULL_HANDLE;
    mutable std::atomic<bool> lost_ = false;
};

}  // namespace shadenet
