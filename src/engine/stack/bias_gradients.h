// The gradients of biases that no other pass finds: shaders/stack_bias*.comp.
#pragma once

#include "engine/stack/merger.h"
#include "engine/stack/quad_walk.h"

namespace shadenet {

/// dbias = Σg over all pixels.
class BiasGradient {
  public:
    /// `dbias`: the gradient of a bias, as ParameterBuffers has it. `largest_y`: the result that the bias is
    /// part of, with the largest batch. Keeps a reference to `scratch`.
    BiasGradient(const Device& device, const BufferRange& dbias, const Shape& largest_y, Scratch& scratch);

    /// From partial sums of g, the gradient of y, in part 0; they are used up.
    void operator()(Recorder& recorder, const BufferRange& partials, const Tiling& tiling) const;

  private:
    BufferRange dbias_;
    std::uint32_t channels_;
    Merger merger_;
    QuadKernel<push::BiasFinishPush> finish_;
};

/// The gradient of a bias that reaches a norm through one activation: Σ s·dy − s̄·Σ dy, with s the
/// activation's slope; shaders/stack_bias_sums.comp says why. In Mode::training only: while a norm's
/// statistics are constants, this is an ordinary bias.
class BiasIntoNorm {
  public:
    BiasIntoNorm(const Device& device, const BufferRange& dbias, ActivationKind activation,
                 const Shape& largest_y, Scratch& scratch);

    /// `y`: the activation's result; `dy`: its gradient, as the norm passes it back. Throws InputError when
    /// an image is too large to bind.
    void operator()(Recorder& recorder, const PackedView& y, const PackedView& dy) const;

  private:
    BufferRange dbias_;
    Scratch& scratch_;
    Merger merger_;
    QuadKernel<push::BiasSumsPush> sums_;
    QuadKernel<push::BiasFinishPush> finish_;
};

}  // namespace shadenet
