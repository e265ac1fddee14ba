// Objects of Vulkan with one owner.
#pragma once

#include <utility>

#include "gpu/device.h"

namespace shadenet {

/// A handle that is destroyed, by the function `destroy`, with this object; none until one is assigned. The
/// device must outlive it.
template <class Handle, auto& destroy>
class Owned {
  public:
    Owned() = default;
    Owned(const Device& device, Handle handle) : device_(device.handle()), handle_(handle) {}
    /// Calls `create`, whose name is `call`. Throws as Device::require() does.
    template <class Info>
    Owned(const Device& device,
          VkResult(VKAPI_PTR* create)(VkDevice, const Info*, const VkAllocationCallbacks*, Handle*),
          const Info& info, const char* call)
        : device_(device.handle()) {
        device.require(create(device_, &info, nullptr, &handle_), call);
    }
    ~Owned() {
        if (handle_ != VK_NULL_HANDLE) destroy(device_, handle_, nullptr);
    }
    Owned(Owned&& other) noexcept
        : device_(other.device_), handle_(std::exchange(other.handle_, VK_NULL_HANDLE)) {}
    Owned& operator=(Owned&& other) noexcept {
        std::swap(device_, other.device_);
        std::swap(handle_, other.handle_);
        return *this;
    }

    const Handle& get() const { return handle_; }
    operator Handle() const { return handle_; }

  private:
    VkDevice device_ = VK_NULL_HANDLE;
    Handle handle_ = VK_NULL_HANDLE;
};

using DescriptorPool = Owned<VkDescriptorPool, vkDestroyDescriptorPool>;
using ShaderModule = Owned<VkShaderModule, vkDestroyShaderModule>;
using Pipeline = Owned<VkPipeline, vkDestroyPipeline>;

}  // namespace shadenet
