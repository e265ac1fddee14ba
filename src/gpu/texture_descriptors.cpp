#include "gpu/texture_descriptors.h"

namespace shadenet {

TextureDescriptors::TextureDescriptors(const Device& device, std::uint32_t textures) : device_(device) {
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, textures};
    VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
    info.flags = VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT;
    info.maxSets = textures;
    info.poolSizeCount = 1;
    info.pPoolSizes = &size;
    device_.require(vkCreateDescriptorPool(device_.handle(), &info, nullptr, &pool_),
                    "vkCreateDescriptorPool");
}

TextureDescriptors::~TextureDescriptors() {
    vkDestroyDescriptorPool(device_.handle(), pool_, nullptr);
}

}  // namespace shadenet
