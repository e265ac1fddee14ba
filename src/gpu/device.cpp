#include "gpu/device.h"

#include <utility>

#include "gpu/kept_pipelines.h"
#include "gpu/pipeline_cache.h"

namespace shadenet {

std::unique_ptr<Device> Device::open(const std::string& request, const WindowSystem& window) {
    auto instance = Instance::create(window.instance_extensions);
    auto surface = window.create_surface ? std::make_unique<Surface>(instance, window) : nullptr;
    auto devices = list_devices(*instance);
    if (surface) require_presentation(devices, *surface);
    const DeviceChoice choice = choose_device(devices, request);
    return std::make_unique<Device>(std::move(instance), devices[choice.index], choice.reason,
                                    std::move(surface));
}

Device::Device(std::shared_ptr<Instance> instance, DeviceInfo info, std::string reason,
               std::unique_ptr<Surface> surface)
    : instance_(std::move(instance)),
      surface_(std::move(surface)),
      info_(std::move(info)),
      reason_(std::move(reason)),
      kept_pipelines_(std::make_unique<KeptPipelines>()) {
    vkGetPhysicalDeviceMemoryProperties(info_.handle, &memory_);
    create_device();
    vkGetDeviceQueue(handle_, info_.queue_family, 0, &queue_);
    try {
        pipeline_cache_ = load_pipeline_cache(*this);
    } catch (...) {
        vkDestroyDevice(handle_, nullptr);
        throw;
    }
}

Device::~Device() {
    const VkResult idle = wait_idle();
    // Pipelines that a lost device compiled cannot be trusted.
    if (idle == VK_SUCCESS && !lost_) store_pipeline_cache(*this, pipeline_cache_);
    kept_pipelines_.reset();
    vkDestroyPipelineCache(handle_, pipeline_cache_, nullptr);
    vkDestroyDevice(handle_, nullptr);
}

void Device::create_device() {
    const float priority = 1.0f;
    VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
    queue.queueFamilyIndex = info_.queue_family;
    queue.queueCount = 1;
    queue.pQueuePriorities = &priority;
    std::vector<const char*> extensions;
    // The specification requires this extension to be enabled wherever it is offered.
    constexpr const char* portability_subset = "VK_KHR_portability_subset";
    if (info_.has_extension(portability_subset)) extensions.push_back(portability_subset);
    if (for_window()) extensions.push_back(VK_KHR_SWAPCHAIN_EXTENSION_NAME);
    VkDeviceCreateInfo create{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
    create.queueCreateInfoCount = 1;
    create.pQueueCreateInfos = &queue;
    create.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
    create.ppEnabledExtensionNames = extensions.data();
    require(vkCreateDevice(info_.handle, &create, nullptr, &handle_), "vkCreateDevice");
}

VkResult Device::submit(const VkSubmitInfo& info, VkFence fence) const {
    const std::lock_guard turn(queue_lock_);
    return vkQueueSubmit(queue_, 1, &info, fence);
}

VkResult Device::present(const VkPresentInfoKHR& info) const {
    const std::lock_guard turn(queue_lock_);
    return vkQueuePresentKHR(queue_, &info);
}

VkResult Device::wait_idle() const {
    const std::lock_guard turn(queue_lock_);
    return vkDeviceWaitIdle(handle_);
}

void Device::name(VkObjectType type, std::uint64_t object, const std::string& text) const {
    if (!instance_->debug_names() || vkSetDebugUtilsObjectNameEXT == nullptr) return;
    VkDebugUtilsObjectNameInfoEXT info{VK_STRUCTURE_TYPE_DEBUG_UTILS_OBJECT_NAME_INFO_EXT};
    info.objectType = type;
    info.objectHandle = object;
    info.pObjectName = text.c_str();
    vkSetDebugUtilsObjectNameEXT(handle_, &info);
}

}  // namespace shadenet
