#include <optional>

#include "engine/stack/bias_gradients.h"
#include "engine/stack/flatten.h"
#include "engine/stack/layer_classes.h"
#include "engine/stack/point_passes.h"
#include "engine/stack/unit_passes.h"
#include "engine/stack/weight_layer.h"

namespace shadenet {

namespace {

UnitLayer layer_at(const UnitContext& context, std::size_t index) {
    return unit_layer(context.device, context.network, context.units, context.points.layout(), index,
                      context.purpose);
}

/// Whether the unit after multiplies by the slope of this one's activation: its pass to the input brings the
/// gradient of the sums themselves.
bool slope_comes(const UnitContext& context) {
    return context.after() != nullptr && context.after()->kind == Unit::Kind::weights &&
           layer_at(context, context.index + 1).backward.slope.has_value();
}

/// A convolution or a dense layer, and what its forward pass does beside.
class WeightUnit : public UnitPasses {
  public:
    explicit WeightUnit(const UnitContext& context)
        : points_(context.points),
          unit_(context.unit()),
          add_(context.add),
          scratch_(context.scratch),
          unit_layer_(layer_at(context, context.index)),
          bias_path_(bias_path(context.network, unit_.from)),
          slope_comes_(slope_comes(context)) {
        const Device& device = context.device;
        const Shape &x = unit_layer_.x, &y = unit_layer_.y;
        const std::optional<ActivationKind> slope = unit_layer_.backward.slope;
        if (unit_layer_.flattens) flatten_.emplace(device);
        layer_.emplace(device, context.parameters, unit_layer_.form, x, y, scratch_, context.trains(),
                       unit_layer_.needs_dx, unit_layer_.forward, unit_layer_.backward,
                       tiles_of(context.tiles, device.info().kind, unit_layer_.layer_class()), unit_.norm,
                       context.rows);
        if (!context.trains()) return;
        dbias_ = layer_->bias_gradient();
        bias_gradient_.emplace(device, dbias_, y, scratch_, context.rows);
        through_activation_.emplace(
            device, PointLayers{.activation = unit_.activation, .from_result = unit_.activation.has_value()},
            y, scratch_);
        if (bias_path_ == BiasPath::activation_to_norm) {
            bias_into_norm_.emplace(device, dbias_, *unit_.activation, y, scratch_, context.rows);
        }
        if (slope) {
            const WeightForm before = layer_at(context, context.index - 1).form;
            bias_before_.emplace(device, context.parameters.gradient(before.bias_name()), x, scratch_,
                                 context.rows);
        }
    }

    void forward(StackPass& pass) override {
        PackedView x = points_.value(unit_.from);
        if (flatten_) {
            const PackedView features = points_.features(unit_.from);
            flatten_->forward(pass.recorder, x, features);
            x = features;
        }
        const PackedView other = unit_.adds() ? points_.value(unit_.added) : PackedView{};
        const Tiling tiling = layer_->forward(pass.recorder, x, points_.value(unit_.to), other);
        pass.moments = unit_layer_.forward.moments ? std::optional(tiling) : std::nullopt;
    }

    void backward(StackPass& pass) override {
        const PackedView dy = points_.gradient(unit_.to);
        if (!slope_comes_) find_bias_and_slope(pass, dy);
        const PackedView x = flatten_ ? points_.features(unit_.from) : points_.value_backward(unit_.from);
        layer_->backward_weights(pass.recorder, x, dy, pass.share);
        if (unit_.from == 0) return;
        if (flatten_) return backward_to_map(pass.recorder, dy, x);
        const PackedView dx = points_.gradient(unit_.from);
        const Tiling tiling = layer_->backward_input(pass.recorder, dy, x, dx);
        if (bias_before_) {
            (*bias_before_)(pass.recorder, scratch_.range(tiling.bytes(dx.blocks())), tiling, pass.share);
        }
    }

    void take_nothing(StackPass& pass) override {
        layer_->add_nothing(pass.recorder, pass.share);
        bias_gradient_->add_nothing(pass.recorder, pass.share);
        if (bias_into_norm_) bias_into_norm_->gradient().add_nothing(pass.recorder, pass.share);
        if (bias_before_) bias_before_->add_nothing(pass.recorder, pass.share);
    }

    void finish(StackPass& pass) override {
        const auto values = [&](std::size_t point) {
            return pass.step_images * points_.shape(point).plane();
        };
        const BiasGradient* bias = bias_of(pass.mode);
        if (!slope_comes_ && bias != nullptr) bias->finish(pass.recorder, values(unit_.to));
        if (bias_before_) bias_before_->finish(pass.recorder, values(unit_.from));
    }

    void refresh(Recorder& recorder) override { layer_->refresh(recorder); }
    void update(Recorder& recorder, const OptimizerKernels& optimizer) const override {
        layer_->update(recorder, optimizer);
    }
    void add_gradient(Recorder& recorder, const OptimizerKernels& optimizer) const override {
        layer_->add_gradient(recorder, optimizer);
    }

  private:
    /// What finds the gradient of the bias: nothing where it is 0.
    const BiasGradient* bias_of(Mode mode) const {
        const bool batch_norm_follows = mode == Mode::training;
        if (batch_norm_follows && bias_path_ == BiasPath::norm) return nullptr;
        return batch_norm_follows && bias_into_norm_ ? &bias_into_norm_->gradient() : &*bias_gradient_;
    }

    /// From the gradient of the unit's result: that of the bias, and in place that of the sums.
    void find_bias_and_slope(StackPass& pass, const PackedView& dy) {
        const PackedView y = unit_.activation ? points_.value_backward(unit_.to) : dy;
        const BiasGradient* bias = bias_of(pass.mode);
        if (bias == nullptr) {
            pass.recorder.fill(dbias_, 0);
        } else if (bias == &*bias_gradient_) {
            const BufferRange sums = through_activation_->sums(pass.recorder, y, dy);
            (*bias_gradient_)(pass.recorder, sums, PointPasses::tiling(y), pass.share);
        } else {
            (*bias_into_norm_)(pass.recorder, y, dy, pass.share);
        }
        if (unit_.activation) through_activation_->backward(pass.recorder, y, dy, dy);
    }

    void backward_to_map(Recorder& recorder, const PackedView& dy, const PackedView& features) {
        const PackedView gradient = points_.features_gradient(unit_.from);
        layer_->backward_input(recorder, dy, features, gradient);
        const PackedView dx = points_.gradient(unit_.from);
        if (!points_.has_part(unit_.from)) return flatten_->backward(recorder, gradient, dx);
        const PackedView part = points_.part(unit_.from);
        flatten_->backward(recorder, gradient, part);
        add_.add(recorder, dx, part, dx);
    }

    StackPoints& points_;
    Unit unit_;
    const AddPass& add_;
    Scratch& scratch_;
    UnitLayer unit_layer_;
    BiasPath bias_path_;
    bool slope_comes_;
    std::optional<WeightLayer> layer_;
    std::optional<Flatten> flatten_;
    BufferRange dbias_;
    std::optional<BiasGradient> bias_gradient_, bias_before_;
    std::optional<BiasIntoNorm> bias_into_norm_;
    std::optional<PointPasses> through_activation_;
};

}  // namespace

std::unique_ptr<UnitPasses> make_weight_unit(const UnitContext& context) {
    return std::make_unique<WeightUnit>(context);
}

}  // namespace shadenet
