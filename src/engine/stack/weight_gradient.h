// The gradient of the weights of a convolution or a dense layer: shaders/stack_weight_gradient.comp.
#pragma once

#include <cstdint>

#include "engine/learning/optimizer.h"
#include "engine/stack/gemm_tile.h"
#include "engine/stack/weight_form.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/quad_kernel.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "weight_gradient_push.h"

namespace shadenet {

/// The rows of all images are cut into splits, so that there are enough threads, and no sum is long. Each
/// split leaves a gradient of its own, and the optimizer adds them in order.
class WeightGradient {
  public:
    /// For batches up to `largest_x`.n; `largest_y` is the result's shape. Throws InputError when an image is
    /// too large to bind.
    WeightGradient(const Device& device, WeightForm form, const Shape& largest_x, const Shape& largest_y,
                   const WeightTile& tile);

    /// The gradients of the splits, from the layer's input and the gradient of its result.
    void operator()(Recorder& recorder, const PackedView& x, const PackedView& dy);

    /// What the latest call left.
    WeightPartials partials() const;

    /// Splits of a batch whose result is `dy`, as far as the device binds it at once.
    static std::uint32_t splits_of(const WeightForm& form, const WeightTile& tile, const PackedView& dy);

  private:
    const Device& device_;
    WeightForm form_;
    WeightTile tile_;
    Buffer partials_;
    std::uint32_t splits_ = 0;  ///< of the latest call
    QuadKernel<push::WeightGradientPush> even_, ragged_;
};

}  // namespace shadenet
