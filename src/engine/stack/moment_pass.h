// Partial moments of a tensor that no convolution has just made: shaders/stack_moments.comp.
#pragma once

#include "engine/stack/quad_walk.h"
#include "engine/stack/scratch.h"
#include "engine/stack/tiling.h"

namespace shadenet {

class MomentPass {
  public:
    /// Keeps a reference to `scratch`.
    MomentPass(const Device& device, const Shape& largest_x, Scratch& scratch);

    /// How the partial results of x lie.
    static Tiling tiling(const PackedView& x);
    /// Leaves partial moments of x, which may have any number of values, in the scratch memory, and returns
    /// where. Throws InputError when an image is too large to bind.
    BufferRange operator()(Recorder& recorder, const PackedView& x) const;

  private:
    Scratch& scratch_;
    QuadKernel<push::MomentsPush> kernel_;
};

}  // namespace shadenet
