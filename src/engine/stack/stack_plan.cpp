#include "engine/stack/stack_plan.h"

#include <stdexcept>

#include "model/network_text.h"

namespace shadenet {

namespace {

std::optional<Shape> target_of(const Network& network, const Shape& input, const LossKind* loss) {
    if (loss == nullptr || loss->takes_labels) return {};
    return loss->target_shape(point_shapes(network, input).back());
}

}  // namespace

StackPlan::StackPlan(const Device& device, const Network& network, ParameterBuffers& parameters,
                     const Shape& largest_input, Purpose purpose, const StackOptions& options)
    : device_(device),
      network_(network),
      purpose_(purpose),
      takes_labels_(options.loss != nullptr && options.loss->takes_labels),
      units_(units_of(network, purpose, options.kept)),
      packing_(device, network.padding),
      add_(device),
      scratch_(device),
      dropout_(device, sizeof(push::DropoutNumbers), "numbers of dropout"),
      points_(device, plan_memory({.network = network_,
                                   .units = units_,
                                   .input = largest_input,
                                   .purpose = purpose,
                                   .kept = options.kept,
                                   .target = target_of(network, largest_input, options.loss),
                                   .most_bytes = options.most_bytes},
                                  device.info().max_allocation)) {
    if (purpose == Purpose::training && parameters.layout() == WeightLayout::dense) {
        throw std::invalid_argument("the stack plan trains weights in blocks");
    }
    const std::vector<std::string> points = point_names(network);
    for (std::size_t i = 0; i < units_.size(); ++i) {
        parts_.push_back(points[units_[i].from + 1]);
        passes_.push_back(make_unit_passes(
            {device_, network_, parameters, points_, scratch_, add_, purpose, options.tiles, units_, i}));
    }
    if (options.loss != nullptr) loss_ = options.loss->make(device, points_.shape(network.layers.size()));
}

Shape StackPlan::input_shape() const {
    const Shape& read = points_.shape(0);
    const std::uint32_t around = 2 * picture_margin(network_);
    return {read.n, read.c, read.h - around, read.w - around};
}

/// Not among the calls of a step, because few steps need it.
void StackPlan::refresh(Recorder& recorder) {
    const auto refresh = [&](UnitPasses& unit) { unit.refresh(recorder); };
    for (std::size_t i = 0; i < passes_.size(); ++i) for_unit(recorder, i, refresh);
}

void StackPlan::run(Recorder& recorder, const ExampleView& x, StackPass& pass) {
    const PackedView place = input(x.shape.n);
    if (poisons_) points_.poison(recorder);
    packing_.pack(recorder, x, place);
    run_units(pass);
}

void StackPlan::run_units(StackPass& pass) {
    if (purpose_ == Purpose::inference && pass.mode != Mode::inference) {
        throw std::invalid_argument(
            "a plan for inference folds norms, which have no batch's statistics then");
    }
    const auto forward = [&](UnitPasses& unit) { unit.forward(pass); };
    for (std::size_t i = 0; i < passes_.size(); ++i) {
        for_unit(pass.recorder, i, forward);
        end(pass.recorder, points_.steps().forward(i));
    }
}

TensorView StackPlan::forward(Recorder& recorder, const ExampleView& x, Mode mode) {
    StackPass pass{recorder, mode};
    refresh(recorder);
    run(recorder, x, pass);
    return point(recorder, network_.layers.size());
}

PackedView StackPlan::input(std::uint32_t images) {
    points_.set_images(images);
    return points_.value(0);
}

PackedView StackPlan::forward(Recorder& recorder, Mode mode) {
    StackPass pass{recorder, mode};
    refresh(recorder);
    run_units(pass);
    return points_.value(network_.layers.size());
}

TensorView StackPlan::point(Recorder& recorder, std::size_t index) {
    const PackedView packed = points_.value(index);
    const TensorView planar = points_.planar(index);
    packing_.unpack(recorder, packed, planar);
    return planar;
}

void StackPlan::end(Recorder& recorder, std::size_t step) const {
    if (poisons_) points_.poison_after(recorder, step);
}

LossTarget StackPlan::pack_target(Recorder& recorder, const StackTarget& target) {
    if (takes_labels_) return {.values = {}, .labels = target.labels};
    const PackedView packed = points_.target();
    packing_.pack(recorder, target.values, packed);
    return {.values = packed, .labels = {}};
}

void StackPlan::begin_step(Recorder& recorder, const DropoutStep& step) {
    refresh(recorder);
    recorder.write(dropout_, dropout_numbers(step));
}

void StackPlan::step(Recorder& recorder, const ExampleView& x, const StackTarget& target, Mode mode,
                     const LossRows& losses) {
    StackPass pass{recorder, mode, dropout_.whole()};
    run(recorder, x, pass);
    const std::size_t result = network_.layers.size();
    loss_->step(recorder, points_.value(result), pack_target(recorder, target), points_.gradient(result),
                losses);
    end(recorder, points_.steps().loss());
    const auto remake = [&](UnitPasses& unit) { unit.remake(pass); };
    const auto backward = [&](UnitPasses& unit) { unit.backward(pass); };
    for (std::size_t i = passes_.size(); i-- > 0;) {
        for (const std::size_t made : points_.remade_before(i)) for_unit(recorder, made, remake);
        for_unit(recorder, i, backward);
        end(recorder, points_.steps().backward(i));
    }
}

void StackPlan::update(Recorder& recorder, const OptimizerKernels& optimizer) const {
    optimizer.step(recorder);
    const auto update = [&](UnitPasses& unit) { unit.update(recorder, optimizer); };
    for (std::size_t i = 0; i < passes_.size(); ++i) for_unit(recorder, i, update);
}

void StackPlan::add_gradients(Recorder& recorder, const OptimizerKernels& optimizer) const {
    for (const auto& unit : passes_) unit->add_gradient(recorder, optimizer);
}

void StackPlan::losses_of_each(Recorder& recorder, const ExampleView& x, const StackTarget& target,
                               const LossRows& losses) {
    StackPass pass{recorder, Mode::inference};
    refresh(recorder);
    run(recorder, x, pass);
    loss_->each(recorder, points_.value(network_.layers.size()), pack_target(recorder, target), losses);
}

void StackPlan::set_decays(Recorder& recorder, std::span<const float> decays) {
    std::size_t norm = 0;
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (units_[i].norm) passes_[i]->set_decay(recorder, decays[norm++]);
    }
}

}  // namespace shadenet
