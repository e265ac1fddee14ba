#include "gpu/surface.h"

#include <utility>

namespace shadenet {

namespace {

constexpr VkQueueFlags draws_and_computes = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;

bool presents(const DeviceInfo& info, std::uint32_t family, const Surface& surface) {
    VkBool32 supported = VK_FALSE;
    const VkResult result =
        vkGetPhysicalDeviceSurfaceSupportKHR(info.handle, family, surface.handle(), &supported);
    return result == VK_SUCCESS && supported == VK_TRUE;
}

/// Chooses the first queue family that draws, computes and presents, and takes its timestamp period.
bool find_window_queue(DeviceInfo& info, const Surface& surface) {
    const auto families =
        vulkan_list<VkQueueFamilyProperties>(vkGetPhysicalDeviceQueueFamilyProperties, info.handle);
    for (std::uint32_t i = 0; i < families.size(); ++i) {
        if ((families[i].queueFlags & draws_and_computes) != draws_and_computes ||
            !presents(info, i, surface))
            continue;
        VkPhysicalDeviceProperties properties;
        vkGetPhysicalDeviceProperties(info.handle, &properties);
        info.queue_family = i;
        info.timestamp_period = families[i].timestampValidBits == 0 ? 0 : properties.limits.timestampPeriod;
        return true;
    }
    return false;
}

}  // namespace

Surface::Surface(std::shared_ptr<Instance> instance, WindowSystem window_system)
    : instance_(std::move(instance)), window_system_(std::move(window_system)) {
    recreate();
}

Surface::~Surface() {
    destroy();
}

void Surface::destroy() {
    if (handle_ != VK_NULL_HANDLE) vkDestroySurfaceKHR(instance_->handle(), handle_, nullptr);
    handle_ = VK_NULL_HANDLE;
}

void Surface::recreate() {
    destroy();
    require_success(window_system_.create_surface(instance_->handle(), &handle_), "creating the surface",
                    "the window");
}

void require_presentation(std::vector<DeviceInfo>& devices, const Surface& surface) {
    for (DeviceInfo& info : devices) {
        if (!info.problem.empty()) continue;
        if (!info.has_extension(VK_KHR_SWAPCHAIN_EXTENSION_NAME) || !find_window_queue(info, surface)) {
            info.problem = "cannot draw to a window here";
        }
    }
}

}  // namespace shadenet
