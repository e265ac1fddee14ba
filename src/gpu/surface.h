// A window as Vulkan sees it, and which devices can draw to it. Knows no window library.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "gpu/device_info.h"
#include "gpu/instance.h"
#include "gpu/vulkan_api.h"

namespace shadenet {

/// What a window library tells of a window.
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
    /// After VK_ERROR_SURFACE_LOST_KHR, with no swapchain left on the old one. Throws as the constructor.
    void recreate();

  private:
    void destroy();

    std::shared_ptr<Instance> instance_;
    WindowSystem window_system_;
    VkSurfaceKHR handle_ = VK_NULL_HANDLE;
};

/// Gives every usable device the queue family that does graphics, computes and presents to the surface. One
/// that has none gets a `problem`.
void require_presentation(std::vector<DeviceInfo>& devices, const Surface& surface);

}  // namespace shadenet
