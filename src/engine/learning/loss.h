// The losses that training of the stack plan minimises.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/tensors/packed.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/pixel_range.h"

namespace shadenet {

/// What a batch's results are to be: the one that the kind of loss takes.
struct LossTarget {
    PackedView values{};   ///< of the results' shape
    BufferRange labels{};  ///< a 32-bit word an example: its class, counted from 0
    /// Labels before the first example's.
    std::uint32_t first_label = 0;
    /// Examples of the whole step, where the batch is a share of it; 0: it is all.
    std::uint32_t step_images = 0;

    /// What a mean over the step divides by, where the batch has so many.
    std::uint32_t images(std::uint32_t batch) const { return step_images == 0 ? batch : step_images; }
};

/// Where losses go: one float a row.
struct LossRows {
    BufferRange losses;
    std::uint32_t row = 0;
    /// Beside each loss, of losses that take labels: how many of its examples have the right answer, as a
    /// float. None where the range has no buffer.
    BufferRange correct{};
};

/// The kernels of a loss, for batches up to some size. NaN among the values of an example makes its loss NaN.
class Loss {
  public:
    virtual ~Loss() = default;

    /// losses[row] = the mean of the examples' losses, correct[row] = the number of right answers, and
    /// dresult = the gradient of that mean, 0 in channels beyond the last one. Of a share of a step the loss
    /// is its part of the step's mean. The sums have a fixed order.
    /// dresult is none of the other tensors. Throws std::invalid_argument for shapes that do not fit, and
    /// InputError when an image is too large to bind.
    virtual void step(Recorder& recorder, const PackedView& result, const LossTarget& target,
                      const PackedView& dresult, const LossRows& to) = 0;
    /// losses[row + i] = the loss of example i, and correct[row + i] = 1 if its answer is right, else 0: the
    /// same bits in a batch of any size. Throws as step() does.
    virtual void each(Recorder& recorder, const PackedView& result, const LossTarget& target,
                      const LossRows& to) = 0;
};

/// A kind of loss, before its kernels are made.
struct LossKind {
    /// `largest`: the shape of results with the largest batch. Throws InputError when the loss cannot be
    /// computed of such results, and as buffers do.
    std::unique_ptr<Loss> (*make)(const Device& device, const Shape& largest);
    /// The factor from a loss of values in `range` to the loss of the same values in 0..1.
    double (*to_unit_range)(const PixelRange& range);
    /// Whether a target is labels.
    bool takes_labels;
    /// Else the shape of the target of results of that shape: the same, unless a loss says otherwise.
    Shape (*target_shape)(const Shape& result) = [](const Shape& result) { return result; };
};

/// mean((result − target)²) over all n·c·h·w values; the gradient is 2·(result − target)/(n·c·h·w). An
/// example's loss is the mean over its c·h·w values.
extern const LossKind mean_squared_error;

/// Of results [n,classes,1,1], the logits l: the mean over examples of log Σ e^l − l[label], computed with
/// the largest logit subtracted from all; the gradient is (softmax(l) − 1 at the label)/n. The right answer
/// is the class of the largest logit, the lowest class of several; no answer is right where a logit is NaN.
/// A label that is no class makes an example's loss and gradient NaN, as a largest logit of infinity does.
extern const LossKind cross_entropy;

}  // namespace shadenet
