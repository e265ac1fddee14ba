// Activations on the device: shaders/activation_*.comp.
#include "engine/layers/layer.h"
#include "engine/tensors/planes.h"

namespace shadenet {

namespace {

class ActivationKernels : public LayerKernels {
  public:
    ActivationKernels(const Device& device, std::uint32_t kind)
        : forward_(device, "activation_forward", rows_per_map, {"x", "y"}, {{"KIND", kind}}),
          backward_(device, "activation_backward", rows_per_map, {"y", "dy", "dx"}, {{"KIND", kind}}) {}

    void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode) override {
        forward_(recorder, {{"x", x}, {"y", y}});
    }

    void backward(Recorder& recorder, const TensorView&, const TensorView& y, const TensorView& dy,
                  const TensorView* dx, Mode) override {
        if (dx != nullptr) backward_(recorder, {{"y", y}, {"dy", dy}, {"dx", *dx}});
    }

  private:
    PlaneKernel<> forward_, backward_;
};

}  // namespace

std::unique_ptr<LayerKernels> make_kernels(const LayerContext& context, const Activation& layer) {
    return std::make_unique<ActivationKernels>(context.device, static_cast<std::uint32_t>(layer.kind));
}

}  // namespace shadenet
