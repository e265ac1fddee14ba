#include "engine/learning/mean_squared_error.h"

#include "engine/tensors/planes.h"

namespace shadenet {

MeanSquaredError::MeanSquaredError(const Device& device, Reducer& reducer, const Shape& largest)
    : device_(device),
      reducer_(reducer),
      forward_(device, "loss_forward", {"result", "target", "partial"}),
      backward_(device, "loss_backward", {"result", "target", "dresult"}) {
    reducer_.reserve(std::uint64_t{largest.n} * slots_per_image(largest) * largest.c, 1);
}

void MeanSquaredError::forward(Recorder& recorder, const TensorView& result, const TensorView& target,
                               BufferRange losses, std::uint32_t row) {
    const Shape& shape = result.shape;
    const std::uint32_t rows = shape.n * slots_per_image(shape) * shape.c;
    for (const ImageChunk chunk : plane_chunks(device_, result)) {
        const TensorView part = result.images(chunk.first, chunk.count);
        forward_(recorder,
                 {{"result", part.range()},
                  {"target", target.images(chunk.first, chunk.count).range()},
                  {"partial", reducer_.partials(rows)}},
                 {.planes = planes_push(part, rows_per_reduction, chunk.first), .gradient_scale = 0},
                 plane_threads(part.shape, rows_per_reduction));
    }
    const float scale = static_cast<float>(1.0 / static_cast<double>(shape.values()));
    reducer_.sum(recorder, 0, rows, 1, scale, losses, row);
}

void MeanSquaredError::forward_each(Recorder& recorder, const TensorView& result, const TensorView& target,
                                    BufferRange losses, std::uint32_t first_row) {
    for (std::uint32_t i = 0; i < result.shape.n; ++i) {
        forward(recorder, result.images(i, 1), target.images(i, 1), losses, first_row + i);
    }
}

void MeanSquaredError::backward(Recorder& recorder, const TensorView& result, const TensorView& target,
                                const TensorView& dresult) {
    const float scale = static_cast<float>(2.0 / static_cast<double>(result.shape.values()));
    for (const ImageChunk chunk : plane_chunks(device_, result)) {
        const TensorView part = result.images(chunk.first, chunk.count);
        backward_(recorder,
                  {{"result", part.range()},
                   {"target", target.images(chunk.first, chunk.count).range()},
                   {"dresult", dresult.images(chunk.first, chunk.count).range()}},
                  {.planes = planes_push(part, rows_per_map), .gradient_scale = scale},
                  plane_threads(part.shape, rows_per_map));
    }
}

const LossKind mean_squared_error{
    [](const Device& device, Reducer& reducer, const Shape& largest) -> std::unique_ptr<Loss> {
        return std::make_unique<MeanSquaredError>(device, reducer, largest);
    },
    [](const PixelRange& range) { return 1 / (range.span() * range.span()); }};

}  // namespace shadenet
