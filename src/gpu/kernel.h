// A compute shader that can be called. Layout and workgroup size come from the shader itself; what the host
// expects is compared once, when the kernel is made.
#pragma once

#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "gpu/buffer.h"
#include "gpu/device.h"
#include "gpu/kept_pipelines.h"
#include "gpu/reflection.h"

namespace shadenet {

class Recorder;

/// A specialization constant by its name in the shader.
struct Constant {
    const char* name;
    std::uint32_t value;
};

/// A buffer and its name in the shader, where it is storage or texels.
struct Binding {
    const char* name;
    BufferRange range;
};

/// The wanted number of threads. It is rounded up to whole workgroups, so shaders check their position.
struct Threads {
    std::uint64_t x = 1, y = 1, z = 1;
};

/// Everything about a kernel except the type of its push constants. Kernels of one shader with the same
/// constants share their pipeline.
class AnyKernel {
  public:
    /// `bindings` are all the names the host will give; `push_bytes` the size of its push-constant struct.
    /// Throws WorkError, which names the shader, when either differs from the shader's own, when a constant
    /// is unknown, or when the workgroup is larger than the device allows.
    AnyKernel(const Device& device, std::string shader, const std::vector<const char*>& bindings,
              const std::vector<Constant>& constants, std::uint32_t push_bytes);

    /// The shader's name and its constants: "stack_gemm OUT4=4 COLS=8".
    const std::string& name() const { return name_; }
    const Reflection& reflection() const { return reflection_; }
    VkPipeline pipeline() const { return compiled_->pipeline; }
    const PipelineLayout& layout() const { return compiled_->layout; }

  private:
    void compare(const std::vector<const char*>& bindings, std::uint32_t push_bytes) const;
    ComputePipeline compile(std::span<const std::uint32_t> code,
                            const std::vector<Constant>& constants) const;

    const Device* device_;
    std::string shader_, name_;
    Reflection reflection_;
    std::shared_ptr<const ComputePipeline> compiled_;
};

/// Records a call; defined in recorder.cpp.
void dispatch(Recorder& recorder, const AnyKernel& kernel, std::span<const Binding> bindings,
              std::span<const std::byte> push, Threads threads);

/// A kernel whose push-constant block is the struct `Push`, declared in a header that the shader includes
/// too.
template <class Push>
class Kernel : public AnyKernel {
    static_assert(std::is_trivially_copyable_v<Push> && sizeof(Push) % 4 == 0);
    static_assert(sizeof(Push) <= 128, "Vulkan guarantees 128 bytes of push constants");

  public:
    Kernel(const Device& device, std::string shader, const std::vector<const char*>& bindings,
           const std::vector<Constant>& constants = {})
        : AnyKernel(device, std::move(shader), bindings, constants, sizeof(Push)) {}

    /// Records one call. All bindings of the shader must be given, in any order.
    void operator()(Recorder& recorder, std::initializer_list<Binding> bindings, const Push& push,
                    Threads threads) const {
        dispatch(recorder, *this, {bindings.begin(), bindings.size()}, std::as_bytes(std::span(&push, 1)),
                 threads);
    }
};

}  // namespace shadenet
