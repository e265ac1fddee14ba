// What a plan asks of a layer on the device.
#pragma once

#include <memory>

#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/reducer.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"

namespace shadenet {

/// Training normalises by the batch's statistics and moves the moving ones; inference uses those and changes
/// nothing. Frozen is training as inference sees it: norms use the moving statistics and keep them, and are
/// affine layers in the backward pass; the batch's own statistics are found all the same, to be looked at.
enum class Mode { training, frozen, inference };

/// One layer of a network on the device. Results overwrite; nothing accumulates.
class LayerKernels {
  public:
    virtual ~LayerKernels() = default;

    /// y = layer(x).
    virtual void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode mode) = 0;

    /// The gradients of the layer's parameters, and of x into `dx` unless that is null, from the gradient dy
    /// of y. x, y and `mode` as in the forward pass that came before.
    virtual void backward(Recorder& recorder, const TensorView& x, const TensorView& y, const TensorView& dy,
                          const TensorView* dx, Mode mode) = 0;

    /// Of the moving statistics, from the next forward pass on; nothing to a layer that has none.
    virtual void set_decay(float) {}
};

/// What layers share while they are made.
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

}  // namespace shadenet
