// Between planar tensors and packed ones: shaders/stack_pack.comp, stack_unpack.comp.
#pragma once

#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"
#include "stack_packing_push.h"

namespace shadenet {

/// Copies examples into the layout of the stack plan, and results out of it, for any number of images. The
/// packed side has the planar one's shape [n,c,h,w], or [n,c·h·w,1,1]: then the values of an image are
/// features in the order c,h,w, as a dense layer takes them, side by side with those of the other images.
class Packing {
  public:
    explicit Packing(const Device& device);

    /// to = from, and 0 in the channels of the last block beyond the last channel. Throws
    /// std::invalid_argument when neither shape fits, and InputError when an image is too large to bind.
    void pack(Recorder& recorder, const TensorView& from, const PackedView& to) const;
    /// to = from. Throws as pack() does.
    void unpack(Recorder& recorder, const PackedView& from, const TensorView& to) const;

  private:
    const Device& device_;
    QuadKernel<push::StackPackingPush> pack_, unpack_;
};

}  // namespace shadenet
