// The bias gradient of a conv that reaches a batch norm through an activation:
// shaders/bias_through_activation.comp says why it needs care.
#pragma once

#include "engine/layers/layer.h"
#include "engine/tensors/planes.h"

namespace shadenet {

class BiasThroughActivation {
  public:
    /// `context.largest_x`: the shape of the activation. `conv`: the layer whose bias it is.
    BiasThroughActivation(const LayerContext& context, const Conv& conv, const Activation& activation);

    /// Writes the gradient of the bias. `y`: the activation's result; `dy`: the gradient of y, as the norm
    /// found it in training mode.
    void backward(Recorder& recorder, const TensorView& y, const TensorView& dy);

  private:
    Reducer& reducer_;
    BufferRange dbias_;
    Buffer sums_;
    PlaneKernel<> partial_;
    Kernel<push::BiasPush> finish_;
};

}  // namespace shadenet
