// A window as Vulkan sees it, and which devices can draw to it. This code knows no window library.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gpu/device_info.h"
#include "gpu/instance.h"
#include "gpu/vulkan_api.h"

namespace shadenet {

/// What a window library provides for a window.
struct WindowSystem {
    std::vector<const char*> instance_extensions;
    std::function<VkResult(VkInstance, VkSurfaceKHR*)> create_surface;
};

class Surface {
  public:
    /// Throws WorkError when the window system refuses.
    Surface(std::shared_ptr<Instance> instance, WindowSystem window_system);
    ~Surface();
    Surface(const Surface&) = delete;
    Surface& operator=(const Surface&) = delete;

    VkSurfaceKHR handle() const { return handle_; }
    /// To be called after VK_ERROR_SURFACE_LOST_KHR, without a swapchain. Throws like the constructor.
    void recreate();

  private:
    void destroy();

    std::shared_ptr<Instance> instance_;
    WindowSystem window_system_;
    VkSurfaceKHR handle_ = VK_NULL_HANDLE;
};

/// Gives every usable device the queue family that does graphics, computes and presents to the surface. A
/// device without such a family gets a `problem`.
void require_presentation(std::vector<DeviceInfo>& devices, const Surface& surface);

}  // namespace shadenet
