// How kernels go over whole tensors; see shaders/include/planes.glsl.
#pragma once

#include <algorithm>

#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"
#include "planes_push.h"

namespace shadenet {

/// Rows of a thread where every value is read and written: enough work for a software driver, which pays for
/// every workgroup, and enough threads for a GPU.
inline constexpr std::uint32_t rows_per_map = 16;
/// Rows of a thread that sums, and how many rows of sums a tensor leaves.
inline constexpr std::uint32_t rows_per_reduction = 64;

/// `first_image`: where the images of `x` stand among those that share partial results.
inline push::PlanesPush planes_push(const TensorView& x, std::uint32_t rows_per_thread,
                                    std::uint32_t first_image = 0) {
    return {.channels = x.shape.c,
            .height = x.shape.h,
            .width = x.shape.w,
            .first_image = first_image,
            .image_stride = x.image_stride,
            .rows_per_thread = rows_per_thread};
}

inline std::uint32_t row_blocks(std::uint32_t height, std::uint32_t rows_per_thread) {
    return (height + rows_per_thread - 1) / rows_per_thread;
}

inline Threads plane_threads(const Shape& shape, std::uint32_t rows_per_thread) {
    return {shape.w, row_blocks(shape.h, rows_per_thread), std::uint64_t{shape.n} * shape.c};
}

/// Partial results of one channel of one image.
inline std::uint32_t slots_per_image(const Shape& shape) {
    return row_blocks(shape.h, rows_per_reduction) * shape.w;
}

}  // namespace shadenet
