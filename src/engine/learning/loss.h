// The losses that training minimises.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/tensors/reducer.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"
#include "model/pixel_range.h"

namespace shadenet {

/// The kernels of a loss: of a network's results and the examples' targets, for batches up to some size.
class Loss {
  public:
    virtual ~Loss() = default;

    /// losses[row] = the mean of the examples' losses, as one float.
    virtual void forward(Recorder& recorder, const TensorView& result, const TensorView& target,
                         BufferRange losses, std::uint32_t row) = 0;
    /// losses[first_row + i] = the loss of example i: the same bits in a batch of any size.
    virtual void forward_each(Recorder& recorder, const TensorView& result, const TensorView& target,
                              BufferRange losses, std::uint32_t first_row) = 0;
    /// dresult = the gradient of what forward() computes.
    virtual void backward(Recorder& recorder, const TensorView& result, const TensorView& target,
                          const TensorView& dresult) = 0;
};

/// A kind of loss, before its kernels are made.
struct LossKind {
    /// `largest`: the shape of results with the largest batch.
    std::unique_ptr<Loss> (*make)(const Device& device, Reducer& reducer, const Shape& largest);
    /// The factor from a loss of values in `range` to the loss of the same values in 0..1.
    double (*to_unit_range)(const PixelRange& range);
};

}  // namespace shadenet
