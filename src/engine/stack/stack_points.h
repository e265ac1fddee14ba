// The memory of the points that units read and write, for one batch after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/stack/memory_plan.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/tensor.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

class StackPoints {
  public:
    /// Takes the plan's memory. Throws InputError as buffers do, and when an image is more than 2³⁰ values.
    StackPoints(const Device& device, MemoryPlan plan);

    std::uint64_t bytes() const { return plan_.bytes(); }
    const PointLayout& layout() const { return plan_.layout; }
    /// With the most images that a share of a batch has.
    const Shape& shape(std::size_t point) const { return plan_.layout.shapes[point]; }
    const StackSteps& steps() const { return plan_.steps; }
    /// Likewise; none where there is no target.
    std::optional<Shape> target_shape() const;
    /// See MemoryPlan.
    const std::vector<std::size_t>& remade_before(std::size_t unit) const {
        return plan_.remade_before[unit];
    }
    bool remakes() const { return plan_.remakes(); }
    std::uint32_t shares() const { return plan_.shares; }
    /// Which share of the batch is in hand, and its images.
    void choose(std::uint32_t share, std::uint32_t images) {
        share_ = share;
        images_ = images;
    }

    /// Of the share in hand. Each only in the steps for which it is planned.
    PackedView value(std::size_t point) const { return packed({TensorUse::value, point}); }
    /// The same as the backward passes find it.
    PackedView value_backward(std::size_t point) const {
        const TensorName remade{TensorUse::remade, point};
        return plan_.where.contains(remade) ? packed(remade) : value(point);
    }
    PackedView gradient(std::size_t point) const {
        return packed({TensorUse::gradient, plan_.layout.gradient_of.at(point)});
    }
    PackedView features(std::size_t point) const { return packed({TensorUse::features, point}); }
    PackedView features_gradient(std::size_t point) const {
        return packed({TensorUse::features_gradient, point});
    }
    PackedView part(std::size_t point) const { return packed({TensorUse::part, point}); }
    PackedView target() const { return packed({TensorUse::target, plan_.layout.shapes.size() - 1}); }
    /// Room for the value of a point.
    TensorView planar(std::size_t point) const;

    bool has_part(std::size_t point) const { return plan_.where.contains({TensorUse::part, point}); }
    bool is_added(std::size_t point) const { return plan_.layout.added.contains(point); }

    /// Fills the memory of tensors whose last step is this one with NaN; that of all tensors before the first
    /// step.
    void poison_after(Recorder& recorder, std::size_t step) const;
    void poison(Recorder& recorder) const;

  private:
    PackedView packed(TensorName name) const;

    MemoryPlan plan_;
    std::vector<Buffer> blocks_;
    std::uint32_t share_ = 0, images_ = 0;
};

}  // namespace shadenet
