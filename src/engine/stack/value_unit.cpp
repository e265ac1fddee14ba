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
        norm_.emplace(context.device, context.parameters, *unit_.norm, x, scratch_, context.shares());
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

    void take_moments(StackPass& pass) override {
        if (!norm_ || pass.mode == Mode::inference) return;
        const PackedView z = points_.value(unit_.from);
        if (pass.moments) {
            const BufferRange partials = scratch_.range(pass.moments->bytes(z.blocks()));
            return norm_->add_moments(pass.recorder, partials, *pass.moments, pass.share);
        }
        const BufferRange partials = (*find_moments_)(pass.recorder, z);
        norm_->add_moments(pass.recorder, partials, MomentPass::tiling(z), pass.share);
    }

    void join_moments(StackPass& pass) override {
        if (!norm_) return;
        if (pass.mode == Mode::inference) return norm_->use_moving(pass.recorder);
        norm_->use_batch(pass.recorder, values(pass), pass.mode);
    }

    void forward(StackPass& pass) override {
        passes_.forward(pass.recorder, points_.value(unit_.from), points_.value(unit_.to), coefficients(),
                        pass.dropout);
        pass.moments.reset();
    }

    /// The norm's coefficients are still those of the forward pass: only join_sums() changes their buffer.
    void remake(StackPass& pass) override {
        passes_.forward(pass.recorder, points_.value_backward(unit_.from), points_.value_backward(unit_.to),
                        coefficients(), pass.dropout);
    }

    void take_sums(StackPass& pass) override {
        if (!norm_) return;
        const PackedView z = points_.value_backward(unit_.from), da = points_.gradient(unit_.to);
        const BufferRange sums = passes_.sums(pass.recorder, z, da, coefficients(), pass.dropout);
        norm_->add_sums(pass.recorder, sums, PointPasses::tiling(z), pass.share);
    }

    void join_sums(StackPass& pass) override {
        if (!norm_) return;
        norm_->gradients(pass.recorder, values(pass), pass.mode);
        if (cancelled_ && pass.mode == Mode::training) pass.recorder.fill(*cancelled_, 0);
    }

    void take_nothing(StackPass& pass) override {
        if (norm_) norm_->add_nothing(pass.recorder, pass.share);
    }

    void backward(StackPass& pass) override {
        if (unit_.from == 0) return;
        const PackedView z = points_.value_backward(unit_.from), da = points_.gradient(unit_.to);
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

    /// Of a channel in the whole step.
    std::uint64_t values(const StackPass& pass) const {
        return pass.step_images * points_.shape(unit_.from).plane();
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
