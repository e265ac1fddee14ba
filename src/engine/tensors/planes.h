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

/// Rows of a thread that sums.
inline constexpr std::uint32_t rows_per_reduction = 64;

/// A tensor and its name in the shader.
struct TensorBinding {
    const char* name;
    TensorView tensor;
};

/// A kernel over tensors of one shape.
class PlaneKernel : public AnyKernel {
  public:
    /// `bindings`: the names of the tensors and of the other buffers.
    PlaneKernel(const Device& device, const char* shader, std::initializer_list<const char*> bindings)
        : AnyKernel(device, shader, bindings, {}, sizeof(push::PlanesPush)) {}

    /// Records as many calls as the images need, each with its part of the tensors and with all of `others`.
    void operator()(Recorder& recorder, std::initializer_list<TensorBinding> tensors,
                    std::initializer_list<Binding> others) const {
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
                                          .rows_per_thread = rows_per_reduction};
            dispatch(recorder, *this, bindings, std::as_bytes(std::span(&planes, 1)),
                     {x.shape.w, pieces_of(x.shape.h, rows_per_reduction),
                      std::uint64_t{chunk.count} * x.shape.c});
        }
    }
};

}  // namespace shadenet
