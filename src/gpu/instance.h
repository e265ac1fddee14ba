// The connection to Vulkan: one per process, with validation messages counted on request.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "gpu/vulkan_api.h"

namespace shadenet {

class Instance {
  public:
    /// Connects to Vulkan. Validation layers, with synchronization checks, are on when the environment
    /// variable SHADENET_VALIDATION is set to anything but 0. Throws InputError when there is no Vulkan
    /// loader or driver, WorkError when the layers asked for are not installed. `window_extensions`: what a
    /// window needs, empty without a window; InputError when the drivers lack one.
    static std::shared_ptr<Instance> create(const std::vector<const char*>& window_extensions = {});
    ~Instance();

    bool validation() const { return validation_; }
    /// Warnings and errors of the validation layers so far. Each also goes to the log.
    std::uint32_t validation_messages() const { return messages_; }
    /// The version of Vulkan in use: the loader's, but at most the newest that this program knows.
    std::uint32_t api_version() const { return api_version_; }
    bool debug_names() const { return debug_names_; }
    VkInstance handle() const { return handle_; }

  private:
    Instance() = default;

    VkInstance handle_ = VK_NULL_HANDLE;
    VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
    std::uint32_t api_version_ = 0;
    bool validation_ = false;
    bool debug_names_ = false;
    std::atomic<std::uint32_t> messages_ = 0;
};

}  // namespace shadenet
