#include "gpu/pipeline_parts.h"

namespace shadenet {

ShaderModule make_module(const Device& device, std::span<const std::uint32_t> code) {
    VkShaderModuleCreateInfo info{VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO};
    info.codeSize = code.size_bytes();
    info.pCode = code.data();
    return {device, vkCreateShaderModule, info, "vkCreateShaderModule"};
}

VkPipelineShaderStageCreateInfo stage_of(const ShaderModule& module, VkShaderStageFlagBits stage) {
    VkPipelineShaderStageCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO};
    info.stage = stage;
    info.module = module;
    info.pName = "main";
    return info;
}

PipelineLayout::PipelineLayout(const Device& device, std::span<const VkDescriptorSetLayoutBinding> bindings,
                               const VkPushConstantRange& push) {
    VkDescriptorSetLayoutCreateInfo set_info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
    set_info.bindingCount = static_cast<std::uint32_t>(bindings.size());
    set_info.pBindings = bindings.data();
    set = {device, vkCreateDescriptorSetLayout, set_info, "vkCreateDescriptorSetLayout"};
    VkPipelineLayoutCreateInfo info{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
    info.setLayoutCount = 1;
    info.pSetLayouts = &set.get();
    info.pushConstantRangeCount = 1;
    info.pPushConstantRanges = &push;
    handle = {device, vkCreatePipelineLayout, info, "vkCreatePipelineLayout"};
}

DescriptorPool make_pool(const Device& device, std::uint32_t sets,
                         std::span<const VkDescriptorPoolSize> sizes, VkDescriptorPoolCreateFlags flags) {
    VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
    info.flags = flags;
    info.maxSets = sets;
    info.poolSizeCount = static_cast<std::uint32_t>(sizes.size());
    info.pPoolSizes = sizes.data();
    return {device, vkCreateDescriptorPool, info, "vkCreateDescriptorPool"};
}

DescriptorSets::DescriptorSets(const Device& device, std::uint32_t sets_per_pool,
                               std::vector<VkDescriptorPoolSize> sizes)
    : device_(&device), sets_per_pool_(sets_per_pool), sizes_(std::move(sizes)) {}

VkDescriptorSet DescriptorSets::allocate(VkDescriptorSetLayout layout) {
    VkDescriptorSetAllocateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO};
    info.descriptorSetCount = 1;
    info.pSetLayouts = &layout;
    for (;; ++full_) {
        if (full_ == pools_.size()) pools_.push_back(make_pool(*device_, sets_per_pool_, sizes_));
        info.descriptorPool = pools_[full_];
        VkDescriptorSet set = VK_NULL_HANDLE;
        const VkResult result = vkAllocateDescriptorSets(device_->handle(), &info, &set);
        if (result == VK_SUCCESS) return set;
        if (result != VK_ERROR_OUT_OF_POOL_MEMORY && result != VK_ERROR_FRAGMENTED_POOL) {
            device_->require(result, "vkAllocateDescriptorSets");
        }
    }
}

void DescriptorSets::free_all() {
    full_ = 0;
    for (const DescriptorPool& pool : pools_) vkResetDescriptorPool(device_->handle(), pool, 0);
}

}  // namespace shadenet
