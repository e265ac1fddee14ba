// The gradients of biases that no other pass finds: shaders/stack_bias*.comp.
#pragma once

#include <cstdint>

#include "engine/stack/merger.h"
#include "engine/stack/quad_walk.h"
#include "engine/stack/step_rows.h"

namespace shadenet {

/// dbias = Σg over all pixels of the step: found at once where a step has one share, and else by finish(),
/// after the rows of all shares were exchanged.
class BiasGradient {
  public:
    /// `dbias`: the gradient of a bias, as ParameterBuffers has it. `largest_y`: the result that the bias is
    /// part of, with the largest batch, or share of it. `rows`: of several shares, else null. `parts` of a
    /// channel: 3 of a bias into a norm. Keeps a reference to `scratch`.
    BiasGradient(const Device& device, const BufferRange& dbias, const Shape& largest_y, Scratch& scratch,
                 StepRows* rows = nullptr, std::uint32_t parts = 2);

    /// From partial sums of g, the gradient of y, in part 0; they are used up. Of share `own` of this rank.
    void operator()(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                    std::uint32_t own = 0);
    /// In place of that for a share without an example.
    void add_nothing(Recorder& recorder, std::uint32_t own) const { merger_.add_nothing(recorder, own); }
    /// `values` of a channel in the whole step. Does nothing where a step has one share.
    void finish(Recorder& recorder, std::uint64_t values) const;

  private:
    void find(Recorder& recorder, std::uint64_t values) const;

    BufferRange dbias_;
    std::uint32_t channels_;
    const ShareRows* rows_;
    Merger merger_;
    QuadKernel<push::BiasFinishPush> finish_;
};

/// The gradient of a bias that reaches a norm through one activation: Σ s·dy − s̄·Σ dy, with s the
/// activation's slope; shaders/stack_bias_sums.comp says why. In Mode::training only: while a norm's
/// statistics are constants, this is an ordinary bias.
class BiasIntoNorm {
  public:
    BiasIntoNorm(const Device& device, const BufferRange& dbias, ActivationKind activation,
                 const Shape& largest_y, Scratch& scratch, StepRows* rows = nullptr);

    /// `y`: the activation's result; `dy`: its gradient, as the norm passes it back; of share `own`. Throws
    /// InputError when an image is too large to bind.
    void operator()(Recorder& recorder, const PackedView& y, const PackedView& dy, std::uint32_t own = 0);
    /// To finish it.
    const BiasGradient& gradient() const { return gradient_; }

  private:
    Scratch& scratch_;
    BiasGradient gradient_;
    QuadKernel<push::BiasSumsPush> sums_;
};

}  // namespace shadenet
