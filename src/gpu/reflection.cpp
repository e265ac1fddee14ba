#include "gpu/reflection.h"

#include <algorithm>

#include <fmt/format.h>
#include <spirv_cross/spirv_cross.hpp>

#include "base/error.h"

namespace shadenet {

namespace {

namespace sc = spirv_cross;

ReflectedBinding reflect_binding(const sc::Compiler& compiler, const sc::Resource& block,
                                 const std::string& shader) {
    if (compiler.get_decoration(block.id, spv::DecorationDescriptorSet) != 0) {
        throw WorkError(fmt::format("shader {}: block {} is not in set 0", shader, block.name));
    }
    const sc::Bitset flags = compiler.get_buffer_block_flags(block.id);
    return {
        .name = compiler.get_member_name(block.base_type_id, 0),
        .binding = compiler.get_decoration(block.id, spv::DecorationBinding),
        .written = !flags.get(spv::DecorationNonWritable),
    };
}

ReflectedBinding reflect_texels(const sc::Compiler& compiler, const sc::Resource& texels,
                                const std::string& shader) {
    const sc::SPIRType& type = compiler.get_type(texels.type_id);
    const sc::SPIRType& value = compiler.get_type(type.image.type);
    if (type.image.dim != spv::DimBuffer ||
        compiler.get_decoration(texels.id, spv::DecorationDescriptorSet) != 0) {
        throw WorkError(fmt::format("shader {}: {} is no texel buffer in set 0", shader, texels.name));
    }
    const std::string name = compiler.get_name(texels.id);
    const BindingKind floats =
        name.ends_with(quads_suffix) ? BindingKind::quad_texels : BindingKind::float_texels;
    return {
        .name = name,
        .binding = compiler.get_decoration(texels.id, spv::DecorationBinding),
        .written = false,
        .kind = value.basetype == sc::SPIRType::Float ? floats : BindingKind::uint_texels,
    };
}

/// In a shader that leaves the number of threads along x to the host, that number is a constant, too.
void add_local_size_constant(const sc::Compiler& compiler, Reflection& reflection) {
    sc::SpecializationConstant x, y, z;
    compiler.get_work_group_size_specialization_constants(x, y, z);
    if (x.id != sc::ID(0)) {
        reflection.constants.push_back({local_size_constant, x.constant_id});
        reflection.local_size[0] = compiler.get_constant(x.id).scalar();
    }
}

}  // namespace

Reflection reflect(std::span<const std::uint32_t> code, const std::string& shader) try {
    const sc::Compiler compiler(code.data(), code.size());
    const sc::ShaderResources resources = compiler.get_shader_resources();
    Reflection reflection;
    for (const auto& block : resources.storage_buffers) {
        reflection.bindings.push_back(reflect_binding(compiler, block, shader));
    }
    for (const auto& texels : resources.sampled_images) {
        reflection.bindings.push_back(reflect_texels(compiler, texels, shader));
    }
    std::sort(reflection.bindings.begin(), reflection.bindings.end(),
              [](const auto& a, const auto& b) { return a.binding < b.binding; });
    for (std::size_t i = 0; i < reflection.bindings.size(); ++i) {
        if (reflection.bindings[i].binding != i) {
            throw WorkError(fmt::format("shader {}: bindings are not numbered 0, 1, 2 ...", shader));
        }
    }
    for (const auto& constant : compiler.get_specialization_constants()) {
        const std::string name = compiler.get_name(constant.id);
        if (!name.empty()) reflection.constants.push_back({name, constant.constant_id});
    }
    for (const auto& block : resources.push_constant_buffers) {
        reflection.push_bytes = static_cast<std::uint32_t>(
            compiler.get_declared_struct_size(compiler.get_type(block.base_type_id)));
    }
    for (std::uint32_t i = 0; i < 3; ++i) {
        reflection.local_size[i] = compiler.get_execution_mode_argument(spv::ExecutionModeLocalSize, i);
    }
    add_local_size_constant(compiler, reflection);
    return reflection;
} catch (const sc::CompilerError& error) {
    throw WorkError(fmt::format("shader {}: is damaged: {}", shader, error.what()));
}

}  // namespace shadenet
