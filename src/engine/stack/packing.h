// Into the layout of the stack plan and out of it: shaders/stack_pack.comp, stack_unpack.comp.
#pragma once

#include "engine/tensors/example_tensor.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"
#include "stack_pack_push.h"
#include "stack_unpack_push.h"

namespace shadenet {

/// One that packs examples, for each way that they are kept in.
struct PackKernels {
    QuadKernel<push::StackPackPush> floats, levels, ranged_levels;

    const QuadKernel<push::StackPackPush>& of(const ExampleTensor& examples) const {
        if (examples.kept() == ExampleValues::floats) return floats;
        return examples.level_range().is_unit() ? levels : ranged_levels;
    }
};

/// Brings examples into the layout of the stack plan, and results out of it, for any number of images.
class Packing {
  public:
    /// `padding`: how examples are continued.
    explicit Packing(const Device& device, PicturePadding padding = PicturePadding::zero);

    /// to = from, levels as the values that they are, and 0 in the channels of the last block beyond the last
    /// channel. Where `to` has more rows and columns, the same number of each, examples stand in its middle
    /// and are continued around it. Examples that are moved have no such margin. Throws std::invalid_argument
    /// when the shapes differ, and InputError when an image is too large to bind.
    void pack(Recorder& recorder, const ExampleView& from, const PackedView& to) const;
    /// to = from, whose shape is the same [n,c,h,w], or [n,c·h·w,1,1]: then the values of an image are
    /// features in the order c,h,w, and the features of all images lie side by side. Throws as pack() does.
    void unpack(Recorder& recorder, const PackedView& from, const TensorView& to) const;

  private:
    const Device& device_;
    PackKernels pack_, move_;
    QuadKernel<push::StackUnpackPush> unpack_;
};

}  // namespace shadenet
