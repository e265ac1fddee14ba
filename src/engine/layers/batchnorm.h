// Batch norm on the device: shaders/batchnorm_*.comp. The formula stands in model/network.h.
#pragma once

#include "batchnorm_push.h"
#include "engine/layers/layer.h"
#include "engine/tensors/planes.h"

namespace shadenet {

class BatchNormKernels : public LayerKernels {
  public:
    BatchNormKernels(const LayerContext& context, const BatchNorm& layer);

    /// Training also updates the moving statistics. Training and frozen record the batch's own in
    /// ParameterBuffers.
    void forward(Recorder& recorder, const TensorView& x, const TensorView& y, Mode mode) override;
    void backward(Recorder& recorder, const TensorView& x, const TensorView& y, const TensorView& dy,
                  const TensorView* dx, Mode mode) override;
    void set_decay(float decay) override { layer_.decay = decay; }

    /// The mean and the biased variance that the latest forward pass normalised by, [channels] each.
    BufferRange mean() const { return statistic(push::STATISTIC_MEAN); }
    BufferRange variance() const { return statistic(push::STATISTIC_VARIANCE); }

  private:
    BufferRange statistic(std::uint32_t row) const;
    void find_statistics(Recorder& recorder, const TensorView& x);
    void merge(Recorder& recorder, std::uint32_t rows);
    void find_parameter_gradients(Recorder& recorder, const TensorView& x, const TensorView& dy, Mode mode);

    Reducer& reducer_;
    BatchNorm layer_;
    BufferRange gamma_, beta_, dgamma_, dbeta_, moving_mean_, moving_variance_, batch_mean_, batch_variance_;
    Buffer statistics_, coefficients_, gradient_sums_;
    PlaneKernel<> find_moments_;
    Kernel<push::MergePush> merge_, merge_finish_;
    Kernel<push::MovingPush> move_;
    Kernel<push::CoefficientPush> find_coefficients_, find_backward_coefficients_;
    PlaneKernel<> normalize_, backward_sums_, backward_input_;
};

}  // namespace shadenet
