// Kernels that go over whole tensors, plane by plane; see shaders/include/planes.glsl.
#pragma once

#include <initializer_list>
#include <span>
#include <vector>

#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "planes_push.h"

namespace shadenet {

/// Rows of a thread where every value is read and written: enough work for a software driver, which pays for
/// every workgroup, and enough threads for a GPU.
inline constexpr std::uint32_t rows_per_map = 16;
/// Rows of a thread that sums.
inline constexpr std::uint32_t rows_per_reduction = 64;

/// Partial results that a kernel with rows_per_reduction leaves of one channel of one image.
inline std::uint32_t slots_per_image(const Shape& shape) {
    return pieces_of(shape.h, rows_per_reduction) * shape.w;
}

/// A tensor and its name in the shader.
struct TensorBinding {
    const char* name;
    TensorView tensor;
};

/// A kernel over tensors of one shape. `Push` is a PlanesPush, or begins with one.
template <class Push = push::PlanesPush>
class PlaneKernel : public AnyKernel {
  public:
    /// `bindings`: the names of the tensors and of the other buffers.
    PlaneKernel(const Device& device, const char* shader, std::uint32_t rows_per_thread,
                std::initializer_list<const char*> bindings, const std::vector<Constant>& constants = {})
        : AnyKernel(device, shader, bindings, constants, sizeof(Push)), rows_per_thread_(rows_per_thread) {}

    /// Records as many calls as the images need, each with its part of the tensors and with all of `others`.
    /// `rest`: what follows the PlanesPush.
    template <class... Rest>
    void operator()(Recorder& recorder, std::initializer_list<TensorBinding> tensors,
                    std::initializer_list<Binding> others = {}, const Rest&... rest) const {
        const TensorView& x = tensors.begin()->tensor;
        for (const ImageChunk chunk : image_chunks(recorder.device(), x.shape.n, x.image_stride, x.shape.c)) {
            std::vector<Binding> bindings(others);
            for (const auto& [name, tensor] : tensors) {
                bindings.push_back({name, tensor.images(chunk.first, chunk.count).range()});
            }
            const push::PlanesPush planes{.channels = x.shape.c,
                                          .height = x.shape.h,
                                          .width = x.shape.w,
                                          .first_image = chunk.first,
                                          .image_stride = x.image_stride,
                                          .rows_per_thread = rows_per_thread_};
            const Push push{planes, rest...};
            dispatch(
                recorder, *this, bindings, std::as_bytes(std::span(&push, 1)),
                {x.shape.w, pieces_of(x.shape.h, rows_per_thread_), std::uint64_t{chunk.count} * x.shape.c});
        }
    }

  private:
    std::uint32_t rows_per_thread_;
};

}  // namespace shadenet
