// A convolution or a dense layer of the stack plan: its products, its weights' gradient and their step.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/learning/optimizer.h"
#include "engine/stack/gemm_pass.h"
#include "engine/stack/gemm_tile.h"
#include "engine/stack/layer_class.h"
#include "engine/stack/norm_fold.h"
#include "engine/stack/scratch.h"
#include "engine/stack/step_rows.h"
#include "engine/stack/tiling.h"
#include "engine/stack/units.h"
#include "engine/stack/weight_form.h"
#include "engine/stack/weight_gradient.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/quad_kernel.h"
#include "turn_push.h"

namespace shadenet {

/// The layer as a matrix product over blocks of channels. Its weights lie in blocks in the parameter buffers,
/// or are copied into blocks before a forward pass.
class WeightLayer {
  public:
    /// For batches up to `largest_x`.n; `largest_y` is the result's shape. `partials` holds the epilogues'
    /// partial results. With `training` also what the gradients need; `needs_dx`: backward_input() will be
    /// called. `folded`: a norm between the sums and the epilogue, by the moving statistics at refresh().
    /// `rows`: of a step of several shares, of which the largest batch is one, else null.
    /// Throws InputError when an image is too large to bind.
    WeightLayer(const Device& device, ParameterBuffers& parameters, WeightForm form, const Shape& largest_x,
                const Shape& largest_y, Scratch& partials, bool training, bool needs_dx,
                const ForwardEpilogue& forward, const BackwardEpilogue& backward, const LayerTiles& tiles,
                const std::optional<BatchNorm>& folded = {}, StepRows* rows = nullptr);

    /// Before the passes of a step: brings copies of the weights up to date that the host, or another layout
    /// of the parameters, has made old, and folds the norm into them.
    void refresh(Recorder& recorder);

    /// y = layer(x), then the epilogue. `other`: what a sum adds; its memory may be that of y. Returns how
    /// the partial moments lie.
    Tiling forward(Recorder& recorder, const PackedView& x, const PackedView& y,
                   const PackedView& other = {}) const;

    /// dx from dy. With a slope, `x` is the activation's result, and the partial results are the sums of dx,
    /// which lie as the returned tiling says.
    Tiling backward_input(Recorder& recorder, const PackedView& dy, const PackedView& x,
                          const PackedView& dx) const;

    /// The partial sums of the weights' gradient, of the step or of share `own` of this rank.
    void backward_weights(Recorder& recorder, const PackedView& x, const PackedView& dy,
                          std::uint32_t own = 0);
    /// In place of that for a share without an example.
    void add_nothing(Recorder& recorder, std::uint32_t own) const;

    /// After that, and the exchange of the rows of several shares: a step of the weights, or their gradient
    /// alone.
    void update(Recorder& recorder, const OptimizerKernels& optimizer) const;
    void add_gradient(Recorder& recorder, const OptimizerKernels& optimizer) const;

    const std::string& name() const { return form_.name; }
    BufferRange bias_gradient() const { return parameters_.gradient(form_.bias_name()); }

  private:
    /// The taps of one class of pixels of dx: those whose rows and columns leave the same rest.
    struct Parity {
        std::uint32_t row, column;                  ///< first pixel
        std::uint32_t kernel_height, kernel_width;  ///< taps that reach this class
        std::int32_t pad_top, pad_left;
        std::uint32_t first_tap;  ///< in the turned weights
    };

    std::vector<Parity> parities() const;
    /// As the forward pass reads them, before any norm is folded in.
    BufferRange weight_blocks() const {
        return blocks_ ? blocks_->whole() : parameters_.values(form_.weight_name());
    }
    WeightPartials partials() const;
    BufferRange bias() const { return in_quads(parameters_.values(form_.bias_name())); }

    ParameterBuffers& parameters_;
    WeightForm form_;
    bool has_slope_;
    std::optional<Buffer> blocks_, turned_;
    std::optional<NormFold> fold_;
    std::uint64_t seen_uploads_ = 0;
    GemmPass forward_, backward_input_;
    std::optional<WeightGradient> gradient_;
    const SumRows* rows_ = nullptr;  ///< with sum_, which makes a row of a share's partial sums
    std::optional<WeightSum> sum_;
    QuadKernel<push::TurnPush> turn_, pack_;
};

}  // namespace shadenet
