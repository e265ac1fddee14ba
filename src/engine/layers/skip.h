// Skip connections on the device: shaders/skip_add.comp.
#pragma once

#include "engine/tensors/tensor.h"
#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "planes_push.h"

namespace shadenet {

class SkipKernels {
  public:
    explicit SkipKernels(const Device& device);

    /// y = x + other, of one shape. y may be x or other.
    void add(Recorder& recorder, const TensorView& x, const TensorView& other, const TensorView& y);

  private:
    const Device& device_;
    Kernel<push::PlanesPush> add_;
};

}  // namespace shadenet
