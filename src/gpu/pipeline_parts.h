// What pipelines that compute and pipelines that draw have in common.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "gpu/owned.h"

namespace shadenet {

/// A shader of a pipeline. The module is needed only until the pipeline is made.
ShaderModule make_module(const Device& device, std::span<const std::uint32_t> code);
VkPipelineShaderStageCreateInfo stage_of(const ShaderModule& module, VkShaderStageFlagBits stage);

/// The layout of a pipeline with one set of descriptors.
struct PipelineLayout {
    PipelineLayout() = default;
    PipelineLayout(const Device& device, std::span<const VkDescriptorSetLayoutBinding> bindings,
                   const VkPushConstantRange& push);

    Owned<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout> set;
    Owned<VkPipelineLayout, vkDestroyPipelineLayout> handle;
};

/// A pool of `sets` descriptor sets, which have the descriptors in `sizes` together.
DescriptorPool make_pool(const Device& device, std::uint32_t sets,
                         std::span<const VkDescriptorPoolSize> sizes, VkDescriptorPoolCreateFlags flags = 0);

/// Descriptor sets that become free all at once.
class DescriptorSets {
  public:
    /// Makes pools as make_pool() does, as many as it takes.
    DescriptorSets(const Device& device, std::uint32_t sets_per_pool,
                   std::vector<VkDescriptorPoolSize> sizes);

    VkDescriptorSet allocate(VkDescriptorSetLayout layout);
    /// No submitted work may use the sets any more.
    void free_all();

  private:
    const Device* device_;
    std::uint32_t sets_per_pool_;
    std::vector<VkDescriptorPoolSize> sizes_;
    std::vector<DescriptorPool> pools_;
    std::size_t full_ = 0;  ///< so many pools, the first ones, have no room left
};

}  // namespace shadenet
