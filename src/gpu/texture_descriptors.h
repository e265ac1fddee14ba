#pragma once

#include "gpu/device.h"

namespace shadenet {

/// Descriptors for the textures of a drawing library, which allocates and frees them itself.
class TextureDescriptors {
  public:
    TextureDescriptors(const Device& device, std::uint32_t textures);
    ~TextureDescriptors();
    TextureDescriptors(const TextureDescriptors&) = delete;
    TextureDescriptors& operator=(const TextureDescriptors&) = delete;

    VkDescriptorPool pool() const { return pool_; }

  private:
    const Device& device_;
    VkDescriptorPool pool_ = VK_NULL_HANDLE;
};

}  // namespace shadenet
