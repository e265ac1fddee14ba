// The bias gradient of a conv that reaches a batch norm through an activation:
// shaders/bias_through_activation.comp says why it needs care.
#pragma once

#include "bias_push.h"
#include "engine/layers/layer.h"
#include "planes_push.h"

namespace shadenet {

class BiasThroughActivation {
  public:
    /// `context.largest_x`: the shape of the activation. `conv`: the layer whose bias it is.
    BiasThroughActivation(const LayerContext& context, const Conv& conv, const Activation& activation);

    /// Writes the bias' gradient, from the activation's result y and the gradient dy that the norm, in
    /// training mode, handed back for it.
    void backward(Recorder& recorder, const TensorView& y, const TensorView& dy);

  private:
    const Device& device_;
    Reducer& reducer_;
    BufferRange dbias_;
    Buffer sums_;
    Kernel<push::PlanesPush> partial_;
    Kernel<push::BiasPush> finish_;
};

}  // namespace shadenet
