#pragma once

#include "gpu/device.h"

namespace shadenet {

/// Room for the textures of a library that draws, which allocates and frees them by itself.
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
