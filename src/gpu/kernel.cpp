#include "gpu/kernel.h"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "gpu/shader_source.h"

namespace shadenet {

AnyKernel::AnyKernel(const Device& device, std::string shader, std::initializer_list<const char*> bindings,
                     const std::vector<Constant>& constants, std::uint32_t push_bytes)
    : device_(&device), shader_(std::move(shader)), name_(shader_) {
    for (const Constant& constant : constants) name_ += fmt::format(" {}={}", constant.name, constant.value);
    const std::vector<std::uint32_t> code = shader_code(shader_);
    reflection_ = reflect(code, shader_);
    for (const Constant& constant : constants) {
        if (std::string_view(constant.name) == local_size_constant)
            reflection_.local_size[0] = constant.value;
    }
    compare(bindings, push_bytes);
    try {
        create_layout();
        create_pipeline(code, constants);
    } catch (...) {
        release();
        throw;
    }
}

AnyKernel::~AnyKernel() {
    release();
}

void AnyKernel::release() {
    if (pipeline_ != VK_NULL_HANDLE) vkDestroyPipeline(device_->handle(), pipeline_, nullptr);
    if (layout_ != VK_NULL_HANDLE) vkDestroyPipelineLayout(device_->handle(), layout_, nullptr);
    if (set_layout_ != VK_NULL_HANDLE) vkDestroyDescriptorSetLayout(device_->handle(), set_layout_, nullptr);
}

void AnyKernel::compare(std::initializer_list<const char*> bindings, std::uint32_t push_bytes) const {
    if (reflection_.push_bytes != push_bytes) {
        throw WorkError(
            fmt::format("shader {}: its push constants have {} bytes, the program's {}; build both again",
                        shader_, reflection_.push_bytes, push_bytes));
    }
    if (reflection_.bindings.size() != bindings.size()) {
        throw WorkError(fmt::format("shader {}: has {} buffers, the program gives {}; build both again",
                                    shader_, reflection_.bindings.size(), bindings.size()));
    }
    for (const char* name : bindings) {
        const auto same = [&](const ReflectedBinding& binding) { return binding.name == name; };
        if (std::none_of(reflection_.bindings.begin(), reflection_.bindings.end(), same)) {
            throw WorkError(
                fmt::format("shader {}: has no buffer named {}; build both again", shader_, name));
        }
    }
    const auto& size = reflection_.local_size;
    if (size[0] * size[1] * size[2] > device_->info().max_invocations) {
        throw WorkError(fmt::format("shader {}: has {} threads in a workgroup, and {} allows {}", shader_,
                                    size[0] * size[1] * size[2], device_->info().name,
                                    device_->info().max_invocations));
    }
}

void AnyKernel::create_layout() {
    std::vector<VkDescriptorSetLayoutBinding> bindings;
    for (const auto& binding : reflection_.bindings) {
        bindings.push_back({.binding = binding.binding,
                            .descriptorType = binding.kind == BindingKind::storage
                                                  ? VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
                                                  : VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER,
                            .descriptorCount = 1,
                            .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT,
                            .pImmutableSamplers = nullptr});
    }
    VkDescriptorSetLayoutCreateInfo set{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
    set.bindingCount = static_cast<std::uint32_t>(bindings.size());
    set.pBindings = bindings.data();
    device_->require(vkCreateDescriptorSetLayout(device_->handle(), &set, nullptr, &set_layout_),
                     "vkCreateDescriptorSetLayout");
    const VkPushConstantRange range{VK_SHADER_STAGE_COMPUTE_BIT, 0, reflection_.push_bytes};
    VkPipelineLayoutCreateInfo layout{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
    layout.setLayoutCount = 1;
    layout.pSetLayouts = &set_layout_;
    layout.pushConstantRangeCount = 1;
    layout.pPushConstantRanges = &range;
    device_->require(vkCreatePipelineLayout(device_->handle(), &layout, nullptr, &layout_),
                     "vkCreatePipelineLayout");
}

void AnyKernel::create_pipeline(std::span<const std::uint32_t> code, const std::vector<Constant>& constants) {
    std::vector<VkSpecializationMapEntry> entries;
    std::vector<std::uint32_t> values;
    for (const Constant& constant : constants) {
        const auto found =
            std::find_if(reflection_.constants.begin(), reflection_.constants.end(),
                         [&](const ReflectedConstant& known) { return known.name == constant.name; });
        if (found == reflection_.constants.end()) {
            throw WorkError(
                fmt::format("shader {}: has no constant {}; build both again", shader_, constant.name));
        }
        entries.push_back({found->id, static_cast<std::uint32_t>(values.size() * 4), 4});
        values.push_back(constant.value);
    }
    const VkSpecializationInfo specialization{static_cast<std::uint32_t>(entries.size()), entries.data(),
                                              values.size() * 4, values.data()};
    VkShaderModuleCreateInfo module_info{VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO};
    module_info.codeSize = code.size_bytes();
    module_info.pCode = code.data();
    VkShaderModule module = VK_NULL_HANDLE;
    device_->require(vkCreateShaderModule(device_->handle(), &module_info, nullptr, &module),
                     "vkCreateShaderModule");
    VkComputePipelineCreateInfo info{VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
    info.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    info.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
    info.stage.module = module;
    info.stage.pName = "main";
    info.stage.pSpecializationInfo = &specialization;
    info.layout = layout_;
    const VkResult result =
        vkCreateComputePipelines(device_->handle(), device_->pipeline_cache(), 1, &info, nullptr, &pipeline_);
    vkDestroyShaderModule(device_->handle(), module, nullptr);
    device_->require(result, fmt::format("vkCreateComputePipelines of {}", name_).c_str());
    device_->name(VK_OBJECT_TYPE_PIPELINE, reinterpret_cast<std::uint64_t>(pipeline_), name_);
}

}  // namespace shadenet
