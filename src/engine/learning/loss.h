// The mean squared error on the device: shaders/loss_*.comp.
#pragma once

#include "engine/tensors/reducer.h"
#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "loss_push.h"

namespace shadenet {

class LossKernels {
  public:
    /// `largest`: the shape of results with the largest batch.
    LossKernels(const Device& device, Reducer& reducer, const Shape& largest);

    /// loss[row] = mean((result − target)²) over all n·c·h·w values, as one float.
    void forward(Recorder& recorder, const TensorView& result, const TensorView& target, BufferRange loss,
                 std::uint32_t row = 0);
    /// dresult = 2·(result − target)/(n·c·h·w).
    void backward(Recorder& recorder, const TensorView& result, const TensorView& target,
                  const TensorView& dresult);

  private:
    const Device& device_;
    Reducer& reducer_;
    Kernel<push::LossPush> forward_, backward_;
};

}  // namespace shadenet
