// What a norm needs beside the passes over its values (moment_pass.h, point_passes.h): statistics,
// coefficients and the gradients of γ and β. The formula stands in model/network.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/learning/mode.h"
#include "engine/stack/merger.h"
#include "engine/tensors/parameter_buffers.h"

namespace shadenet {

class NormPasses {
  public:
    /// `largest_x`: the norm's input, with the largest batch, or share of it. Keeps a reference to `scratch`.
    NormPasses(const Device& device, const ParameterBuffers& parameters, const BatchNorm& layer,
               const Shape& largest_x, Scratch& scratch, const Shares& shares = {});

    /// shaders/include/coefficients.h says how they lie.
    BufferRange coefficients() const { return coefficients_.whole(); }
    /// The decay of the moving statistics from the next forward pass on.
    void set_decay(Recorder& recorder, float decay);

    /// Takes partial moments of the norm's input, which are used up, of the step or of share `own` of this
    /// rank.
    void add_moments(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                     std::uint32_t own = 0);
    /// From the moments of all shares, `values` of each channel: writes the batch's mean and biased variance
    /// to ParameterBuffers. Mode::training moves the moving statistics and finds the coefficients from the
    /// batch's; Mode::frozen finds them from the moving ones, which keep every bit. Waits for other ranks,
    /// where there are others.
    void use_batch(Recorder& recorder, std::uint64_t values, Mode mode) const;
    /// Finds the coefficients from the moving statistics, for inference.
    void use_moving(Recorder& recorder) const;

    /// Takes partial sums, which are used up, of g (part 0) and g·x̂ (part 1), with g the gradient of the
    /// norm's result and x̂ = (x − mean)/√(variance + ε), likewise.
    void add_sums(Recorder& recorder, const BufferRange& partials, const Tiling& tiling,
                  std::uint32_t own = 0);
    /// From those of all shares, likewise: writes dγ = Σ g·x̂ and dβ = Σ g, and the means that the gradient of
    /// x subtracts, Σg/M and Σg·x̂/M in Mode::training and else 0, with M = `values`. `mode` is that of the
    /// forward pass.
    void gradients(Recorder& recorder, std::uint64_t values, Mode mode) const;

    /// In place of add_moments() and add_sums() for a share without an example.
    void add_nothing(Recorder& recorder, std::uint32_t own) const;

  private:
    /// Two vectors of a buffer as one binding, and where each begins, in vec4s.
    struct Pair {
        BufferRange range;
        std::uint32_t first, second;
    };
    static Pair pair_of(const BufferRange& first, const BufferRange& second);

    BatchNorm layer_;
    Pair gamma_beta_, dgamma_dbeta_;
    BufferRange statistics_;
    std::uint32_t moving_mean_, moving_variance_, batch_mean_, batch_variance_;  ///< places, in vec4s
    Buffer coefficients_, decay_;
    std::optional<ShareRows> moment_rows_, sum_rows_;  ///< where there are several shares
    Merger moments_, sums_;
    QuadKernel<push::NormFinishPush> from_tiles_, from_merged_;
    QuadKernel<push::NormMovingPush> from_moving_;
    QuadKernel<push::NormGradientsPush> find_gradients_;
};

}  // namespace shadenet
