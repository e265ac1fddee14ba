// What a compiled shader tells about itself: its bindings, push constants, specialization constants,
// workgroup size.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace shadenet {

/// How a shader sees a buffer: as storage, or through the texture unit as single 32-bit values or as vec4s.
enum class BindingKind { storage, float_texels, uint_texels, quad_texels };

/// A texel buffer `x_quads` is the view as vec4s of the block with the array `x`: the host gives x alone.
inline constexpr const char* quads_suffix = "_quads";
inline constexpr std::uint64_t quad_bytes = 16;

struct ReflectedBinding {
    std::string name;  ///< of the array in the block: `readonly buffer … { float x[]; }` is "x"
    std::uint32_t binding = 0;
    bool written = true;
    BindingKind kind = BindingKind::storage;
};

/// The name of the constant that sets the threads of a workgroup along x, in shaders that leave this number
/// to the host.
inline constexpr const char* local_size_constant = "LOCAL_SIZE";

struct ReflectedConstant {
    std::string name;
    std::uint32_t id = 0;
};

struct Reflection {
    std::vector<ReflectedBinding> bindings;  ///< buffers of set 0, by number
    std::vector<ReflectedConstant> constants;
    std::uint32_t push_bytes = 0;
    std::uint32_t local_size[3] = {1, 1, 1};
};

/// Throws WorkError, which names `shader`, when the code is no compute shader of this program's form: storage
/// and texel buffers in set 0, numbered from 0 without gaps, and at most one push-constant block.
Reflection reflect(std::span<const std::uint32_t> code, const std::string& shader);

}  // namespace shadenet
