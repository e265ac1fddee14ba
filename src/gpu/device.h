// One opened device with one queue, which computes and, where there is a window, also draws. Several threads
// may use one device at once, each with Recorders and buffers of its own; kernels may be made anywhere. One
// thread opens and closes the device, while no other thread uses it.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "gpu/counted_bytes.h"
#include "gpu/device_info.h"
#include "gpu/fair_lock.h"
#include "gpu/instance.h"
#include "gpu/surface.h"
#include "gpu/vulkan_api.h"

namespace shadenet {

class KeptPipelines;

class Device {
  public:
    /// Connects to Vulkan and opens the device that choose_device() picks for `request`; for a window, which
    /// must outlive the device, among the devices that can draw to it.
    static std::unique_ptr<Device> open(const std::string& request = "", const WindowSystem& window = {});
    Device(std::shared_ptr<Instance> instance, DeviceInfo info, std::string reason,
           std::unique_ptr<Surface> surface = nullptr);
    ~Device();

    const DeviceInfo& info() const { return info_; }
    /// Why this device was chosen.
    const std::string& reason() const { return reason_; }
    const Instance& instance() const { return *instance_; }

    bool for_window() const { return surface_ != nullptr; }
    /// The window's surface; exists only where for_window() is true.
    Surface& surface() { return *surface_; }

    /// Vulkan's calls on the queue. Only one thread at a time may make them, so threads wait in the order in
    /// which they came. Submissions begin in the order of these calls, but overlap unless barriers forbid
    /// that.
    VkResult submit(const VkSubmitInfo& info, VkFence fence) const;
    VkResult present(const VkPresentInfoKHR& info) const;
    /// Waits until all work is done. Other threads cannot submit meanwhile, so it is for rare events.
    VkResult wait_idle() const;
    /// For libraries that use the queue themselves: hold the lock meanwhile, but not for the calls above.
    FairLock& queue_lock() const { return queue_lock_; }

    VkDevice handle() const { return handle_; }
    VkQueue queue() const { return queue_; }
    VkPipelineCache pipeline_cache() const { return pipeline_cache_; }
    KeptPipelines& kept_pipelines() const { return *kept_pipelines_; }
    const VkPhysicalDeviceMemoryProperties& memory() const { return memory_; }

    /// The bytes of all buffers in the device's memory, as their owners asked for them.
    std::uint64_t buffer_bytes() const { return buffer_bytes_; }
    /// For buffers: counts them as long as the result lives.
    CountedBytes count_buffer(std::uint64_t bytes) const { return {buffer_bytes_, bytes}; }

    /// Names a Vulkan object for debuggers and validation messages; costs nothing where nobody listens.
    void name(VkObjectType type, std::uint64_t object, const std::string& text) const;
    /// require_success() with this device's name. Remembers when the device is lost.
    void require(VkResult result, const char* call) const {
        if (result == VK_ERROR_DEVICE_LOST) lost_ = true;
        require_success(result, call, info_.name);
    }

  private:
    void create_device();

    std::shared_ptr<Instance> instance_;
    std::unique_ptr<Surface> surface_;
    DeviceInfo info_;
    std::string reason_;
    VkPhysicalDeviceMemoryProperties memory_{};
    VkDevice handle_ = VK_NULL_HANDLE;
    VkQueue queue_ = VK_NULL_HANDLE;
    VkPipelineCache pipeline_cache_ = VK_NULL_HANDLE;
    std::unique_ptr<KeptPipelines> kept_pipelines_;
    mutable FairLock queue_lock_;
    mutable std::atomic<bool> lost_ = false;
    mutable std::atomic<std::uint64_t> buffer_bytes_ = 0;
};

}  // namespace shadenet
