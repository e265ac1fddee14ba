// Convolution on the device: shaders/conv_*.comp. The formula stands in model/network.h.
#pragma once

#include "conv_push.h"
#include "engine/layers/layer.h"
#include "planes_push.h"

namespace shadenet {

class ConvKernels : public LayerKernels {
  public:
    ConvKernels(const LayerContext& context, const Conv& layer);

    void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode mode) override;
    /// The bias' gradient is left to BiasThroughActivation where a norm in training mode comes after an
    /// activation.
    void backward(Recorder& recorder, const TensorView& x, const TensorView& y, const TensorView& dy,
                  const TensorView* dx, Mode mode) override;

  private:
    push::ConvPush push_for(const TensorView& x, const TensorView& y) const;
    void reserve_weight_sums(const Shape& dy);
    void backward_weight(Recorder& recorder, const TensorView& x, const TensorView& dy);
    void backward_bias(Recorder& recorder, const TensorView& dy);
    void backward_input(Recorder& recorder, const TensorView& dy, const TensorView& dx);
    std::uint32_t weights_per_out() const { return layer_.in_channels * layer_.kernel * layer_.kernel; }

    const Device& device_;
    Reducer& reducer_;
    Conv layer_;
    BiasPath bias_path_;
    BufferRange weight_, bias_, dweight_, dbias_;
    std::uint32_t forward_tile_, input_tile_, weight_tile_, weight_in_tile_, rows_;
    Kernel<push::ConvPush> forward_, backward_input_, backward_weight_;
    Kernel<push::PlanesPush> plane_sum_;
};

}  // namespace shadenet
