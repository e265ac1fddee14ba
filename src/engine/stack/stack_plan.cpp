#include "engine/stack/stack_plan.h"

#include <stdexcept>

#include <fmt/format.h>

namespace shadenet {

StackPlan::StackPlan(const Device& device, const Network& network, ParameterBuffers& parameters,
                     const Shape& largest_input, Purpose purpose, const LossKind& loss,
                     const std::set<std::size_t>& kept, const StackTiles& tiles)
    : device_(device),
      network_(network),
      purpose_(purpose),
      largest_batch_(largest_input.n),
      takes_labels_(loss.takes_labels),
      units_(units_of(network, purpose, kept)),
      packing_(device),
      add_(device),
      scratch_(device),
      dropout_(device, sizeof(push::DropoutNumbers), "numbers of dropout"),
      points_(device, lay_out_points(network, units_, largest_input, purpose)),
      loss_(loss.make(device, points_.shape(network.layers.size()))) {
    if (purpose == Purpose::training && parameters.layout() == WeightLayout::dense) {
        throw std::invalid_argument("the stack plan trains weights in blocks");
    }
    for (std::size_t i = 0; i < units_.size(); ++i) {
        passes_.push_back(make_unit_passes(
            {device_, network_, parameters, points_, scratch_, add_, purpose, tiles, units_, i}));
    }
}

/// Not among the calls of a step, because few steps need it.
void StackPlan::refresh(Recorder& recorder) {
    for (const auto& unit : passes_) unit->refresh(recorder);
}

void StackPlan::run(Recorder& recorder, const TensorView& x, StackPass& pass) {
    if (purpose_ == Purpose::inference && pass.mode != Mode::inference) {
        throw std::invalid_argument(
            "a plan for inference folds norms, which have no batch's statistics then");
    }
    points_.set_images(x.shape.n);
    packing_.pack(recorder, x, points_.value(0));
    for (const auto& unit : passes_) unit->forward(pass);
}

TensorView StackPlan::forward(Recorder& recorder, const TensorView& x, Mode mode) {
    StackPass pass{recorder, mode};
    refresh(recorder);
    run(recorder, x, pass);
    return point(recorder, network_.layers.size());
}

TensorView StackPlan::point(Recorder& recorder, std::size_t index) {
    const PackedView packed = points_.value(index);
    const Tensor& planar =
        planar_.try_emplace(index, device_, points_.shape(index), fmt::format("point {}", index))
            .first->second;
    packing_.unpack(recorder, packed, planar.view(packed.shape.n));
    return planar.view(packed.shape.n);
}

LossTarget StackPlan::pack_target(Recorder& recorder, const StackTarget& target) {
    if (takes_labels_) return {.values = {}, .labels = target.labels};
    const Shape largest = with_images(target.values.shape, largest_batch_);
    if (!target_ || target_->shape() != largest) target_.emplace(device_, largest, "target");
    const PackedView packed = target_->view(points_.images());
    packing_.pack(recorder, target.values, packed);
    return {.values = packed, .labels = {}};
}

void StackPlan::begin_step(Recorder& recorder, const DropoutStep& step) {
    refresh(recorder);
    recorder.write(dropout_, dropout_numbers(step));
}

void StackPlan::step(Recorder& recorder, const TensorView& x, const StackTarget& target, Mode mode,
                     const LossRows& losses) {
    StackPass pass{recorder, mode, dropout_.whole()};
    run(recorder, x, pass);
    const std::size_t result = network_.layers.size();
    loss_->step(recorder, points_.value(result), pack_target(recorder, target), points_.gradient(result),
                losses);
    for (auto unit = passes_.rbegin(); unit != passes_.rend(); ++unit) (*unit)->backward(pass);
}

void StackPlan::update(Recorder& recorder, const OptimizerKernels& optimizer) const {
    optimizer.step(recorder);
    for (const auto& unit : passes_) unit->update(recorder, optimizer);
}

void StackPlan::add_gradients(Recorder& recorder, const OptimizerKernels& optimizer) const {
    for (const auto& unit : passes_) unit->add_gradient(recorder, optimizer);
}

void StackPlan::losses_of_each(Recorder& recorder, const TensorView& x, const StackTarget& target,
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
