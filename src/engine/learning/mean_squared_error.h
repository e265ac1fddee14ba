// The mean squared error on the device: shaders/loss_*.comp.
#pragma once

#include "engine/learning/loss.h"
#include "gpu/kernel.h"
#include "loss_push.h"

namespace shadenet {

/// mean((result − target)²) over all n·c·h·w values; the gradient is 2·(result − target)/(n·c·h·w).
class MeanSquaredError : public Loss {
  public:
    MeanSquaredError(const Device& device, Reducer& reducer, const Shape& largest);

    void forward(Recorder& recorder, const TensorView& result, const TensorView& target, BufferRange losses,
                 std::uint32_t row) override;
    void forward_each(Recorder& recorder, const TensorView& result, const TensorView& target,
                      BufferRange losses, std::uint32_t first_row) override;
    void backward(Recorder& recorder, const TensorView& result, const TensorView& target,
                  const TensorView& dresult) override;

  private:
    const Device& device_;
    Reducer& reducer_;
    Kernel<push::LossPush> forward_, backward_;
};

extern const LossKind mean_squared_error;

}  // namespace shadenet
