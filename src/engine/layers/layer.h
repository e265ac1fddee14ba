// What a plan asks of a layer on the device.
#pragma once

#include <memory>

#include "base/error.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/reducer.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Training: norms use the batch's statistics, and update the moving ones. Inference: norms use the moving
/// statistics, and change nothing. Frozen is for training steps: norms use the moving statistics without
/// updating them, and are affine layers in the backward pass; the batch's statistics are computed for display
/// only.
enum class Mode { training, frozen, inference };

/// One layer of a network on the device. Results overwrite; nothing accumulates.
class LayerKernels {
  public:
    virtual ~LayerKernels() = default;

    /// y = layer(x).
    virtual void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode mode) = 0;

    /// Computes, from the gradient dy of y, the gradients of the layer's parameters, and that of x into `dx`
    /// unless `dx` is null. x, y and `mode` are those of the latest forward pass.
    virtual void backward(Recorder& recorder, const TensorView& x, const TensorView& y, const TensorView& dy,
                          const TensorView* dx, Mode mode) = 0;

    /// Sets the decay of the moving statistics from the next forward pass on. Layers without statistics
    /// ignore it.
    virtual void set_decay(float) {}
};

/// What a plan makes a layer from.
struct LayerContext {
    const Device& device;
    Reducer& reducer;
    ParameterBuffers& parameters;
    Shape largest_x;                      ///< with the largest batch
    BiasPath bias_path = BiasPath::free;  ///< of a conv
};

std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const Conv& layer);
std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const BatchNorm& layer);
std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const Activation& layer);
/// Null: a plan adds the points itself.
inline std::unique_ptr<LayerKernels> make_kernels(const LayerContext&, const Skip&) {
    return nullptr;
}

template <class Kind>
std::unique_ptr<LayerKernels> make_kernels(const LayerContext&, const Kind&) {
    throw InputError("dense, dropout and average are not run yet");
}

}  // namespace shadenet
