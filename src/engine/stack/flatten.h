// Between packed maps and the features of a dense layer: shaders/stack_flatten.comp.
#pragma once

#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/recorder.h"
#include "stack_flatten_push.h"

namespace shadenet {

/// Copies maps [n,c,h,w] to features [n,c·h·w,1,1] side by side, in the order c,h,w, and back. What is
/// written beyond the last feature or channel is 0.
class Flatten {
  public:
    explicit Flatten(const Device& device);

    /// features = map. Throws std::invalid_argument when the shapes do not fit, and InputError when an image
    /// is too large to bind.
    void forward(Recorder& recorder, const PackedView& map, const PackedView& features) const;
    /// map = features: the way of the gradient. Throws as forward() does.
    void backward(Recorder& recorder, const PackedView& features, const PackedView& map) const;

  private:
    void run(Recorder& recorder, const PackedView& map, const PackedView& features, bool back) const;

    const Device& device_;
    QuadKernel<push::StackFlattenPush> forward_, backward_;
};

}  // namespace shadenet
