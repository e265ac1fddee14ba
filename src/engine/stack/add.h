// Sums of packed tensors: shaders/stack_add.comp.
#pragma once

#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/recorder.h"
#include "stack_add_push.h"

namespace shadenet {

class AddPass {
  public:
    explicit AddPass(const Device& device);

    /// y = x + other, where y may be x, or other of the same shape. Of an `other` with more rows and columns
    /// than x the middle is added; one with fewer is added to the middle of x, and the rest of y is not
    /// written. Throws std::invalid_argument when the shapes do not fit, and InputError when an image is too
    /// large to bind.
    void add(Recorder& recorder, const PackedView& x, const PackedView& other, const PackedView& y) const;
    /// y = x, with all that lies between the images; in a y of more rows and columns in the middle of zeros.
    /// Throws as add() does.
    void copy(Recorder& recorder, const PackedView& x, const PackedView& y) const;

  private:
    const Device& device_;
    QuadKernel<push::StackAddPush> add_;
};

}  // namespace shadenet
