// The mean over rows and columns: shaders/stack_average.comp, stack_average_backward.comp.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "stack_average_push.h"

namespace shadenet {

/// x [n,c,h,w] -> y [n,c,1,1] side by side: y[n,c] = Σ x[n,c,r,s]/(h·w). Of one pixel it is a copy. The sums
/// have a fixed order, keep what rounding drops, and are the same bits in a batch of any size.
class AveragePass {
  public:
    /// For maps of the shape `largest` and batches of no more images. Throws InputError as buffers do.
    AveragePass(const Device& device, const Shape& largest);

    /// Channels of y beyond the last one become 0. Throws InputError when an image is too large to bind.
    void forward(Recorder& recorder, const PackedView& x, const PackedView& y) const;
    /// dx = dy/(h·w) at every position. Throws as forward() does.
    void backward(Recorder& recorder, const PackedView& dy, const PackedView& dx) const;

  private:
    /// Of images whose means follow those of the `first` images of y.
    void sum(Recorder& recorder, const PackedView& x, const PackedView& y, std::uint32_t first) const;

    const Device& device_;
    QuadKernel<push::StackAveragePush> forward_;
    QuadKernel<push::StackAverageBackwardPush> backward_;
    std::vector<Buffer> stages_;  ///< sums of all stages but the last, in turn
};

}  // namespace shadenet
