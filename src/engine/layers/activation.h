// Activations on the device: shaders/activation_*.comp.
#pragma once

#include "engine/layers/layer.h"
#include "planes_push.h"

namespace shadenet {

class ActivationKernels : public LayerKernels {
  public:
    ActivationKernels(const LayerContext& context, const Activation& layer);

    void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode mode) override;
    void backward(Recorder& recorder, const TensorView& x, const TensorView& y, const TensorView& dy,
                  const TensorView* dx, Mode mode) override;

  private:
    const Device& device_;
    Kernel<push::PlanesPush> forward_, backward_;
};

}  // namespace shadenet
