#include "engine/stack/stack_plan.h"

#include <span>
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
      dropout_(device, options.shares.own() * range_alignment, "numbers of dropout"),
      points_(device, plan_memory({.network = network_,
                                   .units = units_,
                                   .input = largest_input,
                                   .purpose = purpose,
                                   .kept = options.kept,
                                   .target = target_of(network, largest_input, options.loss),
                                   .most_bytes = options.most_bytes,
                                   .shares = options.shares.own()},
                                  device.info().max_allocation)) {
    if (purpose == Purpose::training && parameters.layout() == WeightLayout::dense) {
        throw std::invalid_argument("the stack plan trains weights in blocks");
    }
    if (options.shares.count() > 1) rows_.emplace(device, options.shares);
    StepRows* rows = rows_ ? &*rows_ : nullptr;
    const std::vector<std::string> points = point_names(network);
    for (std::size_t i = 0; i < units_.size(); ++i) {
        parts_.push_back(points[units_[i].from + 1]);
        passes_.push_back(make_unit_passes({device_, network_, parameters, points_, scratch_, add_, purpose,
                                            options.tiles, units_, i, rows}));
    }
    if (rows_) share_losses_.emplace(device, *rows_);
    if (options.loss != nullptr) loss_ = options.loss->make(device, points_.shape(network.layers.size()));
}

Shape StackPlan::input_shape() const {
    const Shape& read = points_.shape(0);
    const std::uint32_t around = 2 * picture_margin(network_);
    return {read.n * points_.shares(), read.c, read.h - around, read.w - around};
}

std::optional<Shape> StackPlan::target_shape() const {
    const std::optional<Shape> of_share = points_.target_shape();
    if (!of_share) return {};
    return with_images(*of_share, of_share->n * points_.shares());
}

void StackPlan::begin_pass(StackPass& pass, std::uint32_t images) {
    divide(images, {});
    pass.step_images = step_images_;
}

void StackPlan::require_shares(const BatchShares& shares) const {
    if (shares.sizes.size() != points_.shares())
        throw std::invalid_argument("the stack plan has other shares");
}

void StackPlan::divide(std::uint32_t images, const BatchShares& shares) {
    in_hand_.clear();
    empty_.clear();
    step_images_ = shares.sizes.empty() ? images : shares.all;
    if (shares.sizes.empty()) return in_hand_.push_back({0, 0, images});
    std::uint32_t first = 0;
    for (std::uint32_t share = 0; share < shares.sizes.size(); first += shares.sizes[share++]) {
        if (shares.sizes[share] > 0) {
            in_hand_.push_back({share, first, shares.sizes[share]});
        } else {
            empty_.push_back(share);
        }
    }
}

template <class Use>
void StackPlan::for_each_part(StackPass& pass, const Use& use) {
    for (const Part& part : in_hand_) {
        points_.choose(part.share, part.count);
        pass.share = part.share;
        if (pass.dropout.buffer != nullptr) pass.dropout = dropout_of(part.share);
        use(part);
    }
}

/// Not among the calls of a step, because few steps need it.
void StackPlan::refresh(Recorder& recorder) {
    const auto refresh = [&](UnitPasses& unit) { unit.refresh(recorder); };
    for (std::size_t i = 0; i < passes_.size(); ++i) for_unit(recorder, i, refresh);
}

void StackPlan::run(Recorder& recorder, const ExampleView& x, StackPass& pass) {
    if (poisons_) points_.poison(recorder);
    for_each_part(pass, [&](const Part& part) {
        packing_.pack(recorder, x.part(part.first, part.count), points_.value(0));
    });
    run_units(pass);
}

void StackPlan::run_units(StackPass& pass) {
    if (purpose_ == Purpose::inference && pass.mode != Mode::inference) {
        throw std::invalid_argument(
            "a plan for inference folds norms, which have no batch's statistics then");
    }
    const std::size_t units = passes_.size();
    const auto take = [&](UnitPasses& unit) { unit.take_moments(pass); };
    const auto join = [&](UnitPasses& unit) { unit.join_moments(pass); };
    const auto forward = [&](UnitPasses& unit) { unit.forward(pass); };
    const auto take_if_any = [&](std::size_t i) {
        if (i < units) for_unit(pass.recorder, i, take);
    };
    for_each_part(pass, [&](const Part&) { take_if_any(0); });
    for (std::size_t i = 0; i < units; ++i) {
        for_unit(pass.recorder, i, join);
        for_each_part(pass, [&](const Part&) {
            for_unit(pass.recorder, i, forward);
            take_if_any(i + 1);
        });
        end(pass.recorder, points_.steps().forward(i));
    }
}

TensorView StackPlan::forward(Recorder& recorder, const ExampleView& x, Mode mode) {
    StackPass pass{recorder, mode};
    refresh(recorder);
    begin_pass(pass, x.shape.n);
    run(recorder, x, pass);
    return point(recorder, network_.layers.size());
}

PackedView StackPlan::input(std::uint32_t images) {
    divide(images, {});
    points_.choose(0, images);
    return points_.value(0);
}

PackedView StackPlan::forward(Recorder& recorder, Mode mode) {
    StackPass pass{recorder, mode};
    refresh(recorder);
    pass.step_images = step_images_;
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

LossTarget StackPlan::pack_target(Recorder& recorder, const StackTarget& target, const Part& part) {
    if (takes_labels_) {
        return {
            .values = {}, .labels = target.labels, .first_label = part.first, .step_images = step_images_};
    }
    const PackedView packed = points_.target();
    packing_.pack(recorder, target.values.part(part.first, part.count), packed);
    return {.values = packed, .labels = {}, .first_label = 0, .step_images = step_images_};
}

BufferRange StackPlan::dropout_of(std::uint32_t share) const {
    return dropout_.range(share * range_alignment, sizeof(push::DropoutNumbers));
}

void StackPlan::begin_step(Recorder& recorder, const DropoutStep& step, const BatchShares& shares) {
    refresh(recorder);
    DropoutStep of_share = step;
    of_share.first_example += shares.before;
    for (std::uint32_t share = 0; share < points_.shares(); ++share) {
        const push::DropoutNumbers numbers = dropout_numbers(of_share);
        recorder.write(dropout_of(share), std::as_bytes(std::span(&numbers, 1)));
        if (share < shares.sizes.size()) of_share.first_example += shares.sizes[share];
    }
}

void StackPlan::make_loss(StackPass& pass, const StackTarget& target, const LossRows& losses) {
    const std::size_t result = network_.layers.size();
    for_each_part(pass, [&](const Part& part) {
        loss_->step(pass.recorder, points_.value(result), pack_target(pass.recorder, target, part),
                    points_.gradient(result),
                    share_losses_ ? share_losses_->place(losses.correct.buffer != nullptr) : losses);
        if (share_losses_) share_losses_->add(pass.recorder, part.share);
    });
}

void StackPlan::step(Recorder& recorder, const ExampleView& x, const StackTarget& target, Mode mode,
                     const LossRows& losses, const BatchShares& shares) {
    if (shares.sizes.size() > 1 || rows_) require_shares(shares);
    divide(x.shape.n, shares);
    StackPass pass{.recorder = recorder, .mode = mode, .dropout = dropout_of(0), .step_images = step_images_};
    for (const std::uint32_t share : empty_) {
        pass.share = share;
        for (const auto& unit : passes_) unit->take_nothing(pass);
        share_losses_->add_nothing(recorder, share);
    }
    run(recorder, x, pass);
    make_loss(pass, target, losses);
    end(recorder, points_.steps().loss());
    const auto remake = [&](UnitPasses& unit) { unit.remake(pass); };
    const auto take = [&](UnitPasses& unit) { unit.take_sums(pass); };
    const auto join = [&](UnitPasses& unit) { unit.join_sums(pass); };
    const auto backward = [&](UnitPasses& unit) { unit.backward(pass); };
    for (std::size_t i = passes_.size(); i-- > 0;) {
        for_each_part(pass, [&](const Part&) {
            for (const std::size_t made : points_.remade_before(i)) for_unit(recorder, made, remake);
            for_unit(recorder, i, take);
        });
        for_unit(recorder, i, join);
        for_each_part(pass, [&](const Part&) { for_unit(recorder, i, backward); });
        end(recorder, points_.steps().backward(i));
    }
    if (rows_) finish(pass, losses);
}

/// Joins what the shares have left.
void StackPlan::finish(StackPass& pass, const LossRows& losses) {
    rows_->exchange(pass.recorder);
    share_losses_->finish(pass.recorder, losses);
    const auto finish = [&](UnitPasses& unit) { unit.finish(pass); };
    for (std::size_t i = 0; i < passes_.size(); ++i) for_unit(pass.recorder, i, finish);
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
    begin_pass(pass, x.shape.n);
    run(recorder, x, pass);
    loss_->each(recorder, points_.value(network_.layers.size()),
                pack_target(recorder, target, in_hand_.front()), losses);
}

void StackPlan::set_decays(Recorder& recorder, std::span<const float> decays) {
    std::size_t norm = 0;
    for (std::size_t i = 0; i < units_.size(); ++i) {
        if (units_[i].norm) passes_[i]->set_decay(recorder, decays[norm++]);
    }
}

}  // namespace shadenet
