#include "gpu/kernel.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/error.h"
#include "gpu/shader_source.h"

namespace shadenet {

namespace {

/// "stack_gemm OUT4=4 COLS=8"
std::string name_with_constants(const std::string& shader, const std::vector<Constant>& constants) {
    std::string name = shader;
    for (const Constant& constant : constants) name += fmt::format(" {}={}", constant.name, constant.value);
    return name;
}

}  // namespace

AnyKernel::AnyKernel(const Device& device, std::string shader, const std::vector<const char*>& bindings,
                     const std::vector<Constant>& constants, std::uint32_t push_bytes)
    : device_(&device), shader_(std::move(shader)), name_(name_with_constants(shader_, constants)) {
    const std::vector<std::uint32_t> code = shader_code(shader_);
    reflection_ = reflect(code, shader_);
    for (const Constant& constant : constants) {
        if (std::string_view(constant.name) == local_size_constant)
            reflection_.local_size[0] = constant.value;
    }
    compare(bindings, push_bytes);
    // A folder of one's own may bring another shader of this name.
    const std::string key = fmt::format("{} {:016x}", name_, checksum(std::as_bytes(std::span(code))));
    compiled_ = device.kept_pipelines().get(key, [&] { return compile(code, constants); });
}

void AnyKernel::compare(const std::vector<const char*>& bindings, std::uint32_t push_bytes) const {
    if (reflection_.push_bytes != push_bytes) {
        throw WorkError(
            fmt::format("shader {}: its push constants have {} bytes, the program's {}; build both again",
                        shader_, reflection_.push_bytes, push_bytes));
    }
    const auto given = std::count_if(
        reflection_.bindings.begin(), reflection_.bindings.end(),
        [](const ReflectedBinding& binding) { return binding.kind != BindingKind::quad_texels; });
    if (given != std::ssize(bindings)) {
        throw WorkError(fmt::format("shader {}: has {} buffers, the program gives {}; build both again",
                                    shader_, given, bindings.size()));
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

ComputePipeline AnyKernel::compile(std::span<const std::uint32_t> code,
                                   const std::vector<Constant>& constants) const {
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
    std::vector<VkDescriptorSetLayoutBinding> layout;
    for (const auto& binding : reflection_.bindings) {
        const VkDescriptorType type = binding.kind == BindingKind::storage
                                          ? VK_DESCRIPTOR_TYPE_STORAGE_BUFFER
                                          : VK_DESCRIPTOR_TYPE_UNIFORM_TEXEL_BUFFER;
        layout.push_back({binding.binding, type, 1, VK_SHADER_STAGE_COMPUTE_BIT, nullptr});
    }
    ComputePipeline compiled;
    compiled.layout = {*device_, layout, {VK_SHADER_STAGE_COMPUTE_BIT, 0, reflection_.push_bytes}};
    const ShaderModule module = make_module(*device_, code);
    VkComputePipelineCreateInfo info{VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
    info.stage = stage_of(module, VK_SHADER_STAGE_COMPUTE_BIT);
    info.stage.pSpecializationInfo = &specialization;
    info.layout = compiled.layout.handle;
    VkPipeline pipeline = VK_NULL_HANDLE;
    const VkResult result =
        vkCreateComputePipelines(device_->handle(), device_->pipeline_cache(), 1, &info, nullptr, &pipeline);
    compiled.pipeline = {*device_, pipeline};
    device_->require(result, fmt::format("vkCreateComputePipelines of {}", name_).c_str());
    device_->name(VK_OBJECT_TYPE_PIPELINE, reinterpret_cast<std::uint64_t>(pipeline), name_);
    return compiled;
}

}  // namespace shadenet
