#include "engine/stack/layer_classes.h"
#include "engine/stack/moment_pass.h"
#include "engine/stack/norm_passes.h"
#include "engine/stack/point_passes.h"
#include "engine/stack/unit_passes.h"

namespace shadenet {

namespace {

/// Norm, activation and dropout, as many of them as there are.
class ValueUnit : public UnitPasses {
  public:
    explicit ValueUnit(const UnitContext& context)
        : points_(context.points),
          unit_(context.unit()),
          add_(context.add),
          scratch_(context.scratch),
          passes_(context.device,
                  {.norm = unit_.norm.has_value(),
                   .activation = unit_.activation,
                   .dropout = unit_.keep ? std::optional(Dropout{*unit_.keep}) : std::nullopt,
                   .dropout_index = static_cast<std::uint32_t>(unit_.dropout_layer)},
                  points_.shape(unit_.from), scratch_) {
        if (!unit_.norm) return;
        const Shape& x = points_.shape(unit_.from);
        norm_.emplace(context.device, context.parameters, *unit_.norm, x, scratch_);
        if (bias_feeds_norm(context.network, unit_.from)) {
            cancelled_ = context.parameters.gradient(unit_.norm->name + ".bias");
        }
        const bool before_leaves_moments = context.before() != nullptr &&
                                           context.before()->kind == Unit::Kind::weights &&
                                           can_leave_partials(context.device, x);
        if (context.trains() && !before_leaves_moments) {
            find_moments_.emplace(context.device, x, scratch_);
        }
    }

    void forward(StackPass& pass) override {
        const PackedView z = points_.value(unit_.from);
        if (norm_) use_statistics(pass, z);
        passes_.forward(pass.recorder, z, points_.value(unit_.to), coefficients(), pass.dropout);
        pass.moments.reset();
    }

    /// The norm's coefficients are still those of the forward pass: only backward() changes their buffer.
    void remake(StackPass& pass) override {
        passes_.forward(pass.recorder, points_.value_backward(unit_.from), points_.value_backward(unit_.to),
                        coefficients(), pass.dropout);
    }

    void backward(StackPass& pass) override {
        const PackedView z = points_.value_backward(unit_.from), da = points_.gradient(unit_.to);
        if (norm_) {
            const BufferRange sums = passes_.sums(pass.recorder, z, da, coefficients(), pass.dropout);
            norm_->gradients(pass.recorder, sums, PointPasses::tiling(z), pass.mode);
            if (cancelled_ && pass.mode == Mode::training) pass.recorder.fill(*cancelled_, 0);
        }
        if (unit_.from == 0) return;
        // In place, which is where the gradient of z belongs unless it has other parts.
        passes_.backward(pass.recorder, z, da, da, coefficients(), pass.dropout);
        if (!points_.is_added(unit_.from)) return;
        const PackedView dz = points_.gradient(unit_.from);
        add_.add(pass.recorder, dz, da, dz);
    }

    void set_decay(Recorder& recorder, float decay) override {
        if (norm_) norm_->set_decay(recorder, decay);
    }

  private:
    BufferRange coefficients() const { return norm_ ? norm_->coefficients() : BufferRange{}; }

    void use_statistics(StackPass& pass, const PackedView& z) {
        if (pass.mode == Mode::inference) return norm_->use_moving(pass.recorder);
        if (pass.moments) {
            const BufferRange partials = scratch_.range(pass.moments->bytes(z.blocks()));
            return norm_->use_batch(pass.recorder, partials, *pass.moments, pass.mode);
        }
        const BufferRange partials = (*find_moments_)(pass.recorder, z);
        norm_->use_batch(pass.recorder, partials, MomentPass::tiling(z), pass.mode);
    }

    StackPoints& points_;
    Unit unit_;
    const AddPass& add_;
    Scratch& scratch_;
    PointPasses passes_;
    std::optional<NormPasses> norm_;
    std::optional<BufferRange> cancelled_;  ///< the gradient of β, where another norm takes β away
    std::optional<MomentPass> find_moments_;
};

}  // namespace

std::unique_ptr<UnitPasses> make_value_unit(const UnitContext& context) {
    return std::make_unique<ValueUnit>(context);
}

}  // namespace shadenet
