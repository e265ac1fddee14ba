// Skip connections on the device: shaders/skip_add.comp.
#pragma once

#include "engine/tensors/planes.h"

namespace shadenet {

class SkipKernels {
  public:
    explicit SkipKernels(const Device& device)
        : add_(device, "skip_add", rows_per_map, {"x", "other", "y"}) {}

    /// y = x + other, of one shape. y may be x or other.
    void add(Recorder& recorder, const TensorView& x, const TensorView& other, const TensorView& y) {
        add_(recorder, {{"x", x}, {"other", other}, {"y", y}});
    }

  private:
    PlaneKernel<> add_;
};

}  // namespace shadenet
