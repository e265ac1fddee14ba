#include "engine/layers/activation.h"

#include "engine/tensors/planes.h"

namespace shadenet {

std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const Activation& layer) {
    return std::make_unique<ActivationKernels>(context, layer);
}

ActivationKernels::ActivationKernels(const LayerContext& context, const Activation& layer)
    : device_(context.device),
      forward_(device_, "activation_forward", {"x", "y"}, {{"KIND", static_cast<std::uint32_t>(layer.kind)}}),
      backward_(device_, "activation_backward", {"y", "dy", "dx"},
                {{"KIND", static_cast<std::uint32_t>(layer.kind)}}) {}

void ActivationKernels::forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode) {
    for (const ImageChunk chunk : plane_chunks(device_, x)) {
        const TensorView part = x.images(chunk.first, chunk.count);
        forward_(recorder, {{"x", part.range()}, {"y", y.images(chunk.first, chunk.count).range()}},
                 planes_push(part, rows_per_map), plane_threads(part.shape, rows_per_map));
    }
}

void ActivationKernels::backward(Recorder& recorder, const TensorView&, const TensorView& y,
                                 const TensorView& dy, const TensorView* dx, Mode) {
    if (dx == nullptr) return;
    for (const ImageChunk chunk : plane_chunks(device_, y)) {
        const TensorView part = y.images(chunk.first, chunk.count);
        backward_(recorder,
                  {{"y", part.range()},
                   {"dy", dy.images(chunk.first, chunk.count).range()},
                   {"dx", dx->images(chunk.first, chunk.count).range()}},
                  planes_push(part, rows_per_map), plane_threads(part.shape, rows_per_map));
    }
}

}  // namespace shadenet
