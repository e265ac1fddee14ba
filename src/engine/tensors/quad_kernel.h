// Kernels that read vec4s: shaders/include/quads.glsl.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "gpu/device.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Threads of a workgroup where a thread does much: a software driver fills its processors best with small
/// workgroups, and a GPU its registers.
inline std::uint32_t heavy_local_size(DeviceKind kind) {
    return kind == DeviceKind::software ? 8 : 64;
}
inline std::uint32_t heavy_local_size(const Device& device) {
    return heavy_local_size(device.info().kind);
}

/// The range as far as it is read in vec4s. Buffers of parameters have room behind each vector.
inline BufferRange in_quads(const BufferRange& range) {
    return range.buffer->range(range.offset, (range.size + quad_bytes - 1) / quad_bytes * quad_bytes);
}

/// A kernel in two forms, which are made when they are first needed: one reads through the texture unit, as
/// far as the device's texel buffers reach, and the other storage.
template <class Push>
class QuadKernel {
  public:
    /// `bindings`: the names of the blocks; `local_size`: threads of a workgroup.
    QuadKernel(const Device& device, const char* shader, std::vector<const char*> bindings,
               std::vector<Constant> constants, std::uint32_t local_size)
        : device_(device),
          shader_(shader),
          bindings_(std::move(bindings)),
          constants_(std::move(constants)),
          local_size_(local_size) {}

    /// As Kernel does.
    void operator()(Recorder& recorder, std::initializer_list<Binding> bindings, const Push& push,
                    Threads threads) const {
        bool texels = device_.info().kind == DeviceKind::software;
        for (const Binding& binding : bindings) {
            texels = texels && binding.range.size <= device_.info().max_texels * quad_bytes;
        }
        std::optional<AnyKernel>& kernel = texels ? texels_ : storage_;
        if (!kernel) {
            std::vector<Constant> constants = constants_;
            constants.push_back({"TEXELS", texels});
            constants.push_back({local_size_constant, local_size_});
            kernel.emplace(device_, shader_, bindings_, constants, std::uint32_t{sizeof(Push)});
        }
        dispatch(recorder, *kernel, {bindings.begin(), bindings.size()}, std::as_bytes(std::span(&push, 1)),
                 threads);
    }

  private:
    const Device& device_;
    const char* shader_;
    std::vector<const char*> bindings_;
    std::vector<Constant> constants_;
    std::uint32_t local_size_;
    mutable std::optional<AnyKernel> texels_, storage_;
};

}  // namespace shadenet
