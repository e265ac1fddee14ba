#include "engine/stack/weight_layer.h"

#include <utility>

namespace shadenet {

namespace {

constexpr std::uint32_t quads_of_weight = 4;  // of one tap of a block of outputs

std::uint32_t add_of(Sum sum) {
    if (sum == Sum::none) return push::ADD_NONE;
    return sum == Sum::before_activation ? push::ADD_BEFORE_ACTIVATION : push::ADD_AFTER_ACTIVATION;
}

GemmPass::End end_of(const ForwardEpilogue& forward) {
    return {forward.activation, forward.moments ? push::EPILOGUE_MOMENTS : push::EPILOGUE_NONE, true,
            add_of(forward.sum)};
}

GemmPass::End end_of(const BackwardEpilogue& backward) {
    return {backward.slope, backward.slope ? push::EPILOGUE_SLOPE : push::EPILOGUE_NONE, false,
            backward.add ? push::ADD_BEFORE_ACTIVATION : push::ADD_NONE};
}

/// The sides of a product, with nothing about its weights and tiles.
push::GemmPush gemm_between(const PassImages& from, const PassImages& to) {
    push::GemmPush push{};
    push.x_height = from.height;
    push.x_width = from.width;
    push.x_image = from.image_stride;
    push.x_block = from.block_stride;
    push.y_height = to.height;
    push.y_width = to.width;
    push.y_image = to.image_stride;
    push.y_block = to.block_stride;
    return push;
}

}  // namespace

WeightLayer::WeightLayer(const Device& device, ParameterBuffers& parameters, WeightForm form,
                         const Shape& largest_x, const Shape& largest_y, Scratch& partials, bool training,
                         bool needs_dx, const ForwardEpilogue& forward, const BackwardEpilogue& backward,
                         const LayerTiles& tiles, const std::optional<BatchNorm>& folded, StepRows* rows)
    : parameters_(parameters),
      form_(std::move(form)),
      has_slope_(backward.slope.has_value()),
      forward_(device, tiles.forward, end_of(forward), partials),
      backward_input_(device, tiles.input, end_of(backward), partials),
      turn_(device, "stack_turn", {"weight", "turned"}, {}, 64),
      pack_(device, "stack_pack_weights", {"dense", "weight"}, {}, 64) {
    const std::uint64_t bytes = form_.weights.block_values() * sizeof(float);
    if (parameters.layout() == WeightLayout::dense) blocks_.emplace(device, bytes, form_.name + " in blocks");
    if (folded) fold_.emplace(device, parameters, form_.name, form_.weights, *folded);
    forward_.reserve_partials(largest_y, 1);
    if (!training) return;
    if (needs_dx) turned_.emplace(device, bytes, form_.name + " turned");
    if (needs_dx) backward_input_.reserve_partials(largest_x, form_.stride);
    gradient_.emplace(device, form_, largest_x, largest_y, tiles.weights);
    if (rows == nullptr) return;
    const auto values = static_cast<std::uint32_t>(form_.weights.block_values());
    rows_ = &rows->add_sums(values, form_.name + " gradients of shares");
    sum_.emplace(device);
}

void WeightLayer::refresh(Recorder& recorder) {
    const WeightExtent& weights = form_.weights;
    const push::TurnPush push{weights.in_blocks(), weights.out_blocks(), weights.taps, weights.in,
                              weights.out};
    const std::uint32_t blocks = push.in_blocks * push.out_blocks * push.taps;
    if (blocks_) {
        pack_(recorder, {{"dense", parameters_.values(form_.weight_name())}, {"weight", blocks_->whole()}},
              push, {std::uint64_t{blocks} * quads_of_weight});
    }
    if (fold_) fold_->fold(recorder, weight_blocks(), bias());
    if (!turned_ || seen_uploads_ == parameters_.uploads()) return;
    seen_uploads_ = parameters_.uploads();
    turn_(recorder, {{"weight", parameters_.values(form_.weight_name())}, {"turned", turned_->whole()}}, push,
          {blocks});
}

Tiling WeightLayer::forward(Recorder& recorder, const PackedView& x, const PackedView& y,
                            const PackedView& other) const {
    const bool joined = both_side_by_side(x, y);
    const PassImages from = PassImages::of(x, joined), to = PassImages::of(y, joined);
    const std::uint32_t kernel = joined ? 1 : form_.kernel, taps = form_.weights.taps;
    // The one tap that meets an image of one pixel is the middle one.
    const std::uint32_t first_tap = joined ? form_.pad * (form_.kernel + 1) : 0;
    push::GemmPush push = gemm_between(from, to);
    push.in_blocks = form_.weights.in_blocks();
    push.out_blocks = form_.weights.out_blocks();
    push.kernel_height = push.kernel_width = kernel;
    push.step = joined ? 1 : form_.stride;
    push.pad_top = push.pad_left = joined ? 0 : static_cast<std::int32_t>(form_.pad);
    push.y_row = to.width;
    push.y_pixel = 1;
    push.weight_first = first_tap * quads_of_weight;
    push.weight_tap = quads_of_weight;
    push.weight_row = form_.kernel * quads_of_weight;
    push.weight_in = taps * quads_of_weight;
    push.weight_out = form_.weights.in_blocks() * taps * quads_of_weight;
    return forward_(recorder, {.from = x,
                               .to = y,
                               .weights = fold_ ? fold_->weights() : weight_blocks(),
                               .bias = fold_ ? fold_->bias() : bias(),
                               .other = other,
                               .push = push});
}

std::vector<WeightLayer::Parity> WeightLayer::parities() const {
    const std::uint32_t kernel = form_.kernel, stride = form_.stride, pad = form_.pad;
    struct Axis {
        std::uint32_t taps;
        std::int32_t pad;
        std::uint32_t first_tap;
    };
    // A pixel stride·q + rest meets the taps first, first + stride, ... of the pixels q + shift, q + shift −
    // 1, ...
    const auto axis = [&](std::uint32_t rest) -> Axis {
        const std::uint32_t first = (rest + pad) % stride;
        if (first >= kernel) return {0, 0, 0};
        const std::uint32_t taps = pieces_of(kernel - first, stride), shift = (rest + pad) / stride;
        return {taps, static_cast<std::int32_t>(taps) - 1 - static_cast<std::int32_t>(shift),
                kernel - 1 - first - stride * (taps - 1)};
    };
    std::vector<Parity> classes;
    for (std::uint32_t row = 0; row < stride; ++row) {
        for (std::uint32_t column = 0; column < stride; ++column) {
            const Axis y = axis(row), x = axis(column);
            classes.push_back(
                {row, column, y.taps, x.taps, y.pad, x.pad, y.first_tap * kernel + x.first_tap});
        }
    }
    return classes;
}

Tiling WeightLayer::backward_input(Recorder& recorder, const PackedView& dy, const PackedView& x,
                                   const PackedView& dx) const {
    const bool joined = both_side_by_side(dy, dx);
    const PassImages from = PassImages::of(dy, joined), to = PassImages::of(dx, joined);
    const std::uint32_t taps = form_.weights.taps, stride = joined ? 1 : form_.stride;
    const std::uint32_t in_blocks = form_.weights.in_blocks(), out_blocks = form_.weights.out_blocks();
    std::uint64_t tiles = 0;
    const std::vector<Parity> classes =
        joined ? std::vector<Parity>{{0, 0, 1, 1, 0, 0, form_.pad * (form_.kernel + 1)}} : parities();
    for (const Parity& parity : classes) {
        if (parity.row >= to.height || parity.column >= to.width) continue;
        push::GemmPush push = gemm_between(from, to);
        push.in_blocks = out_blocks;
        push.out_blocks = in_blocks;
        push.y_height = pieces_of(to.height - parity.row, stride);
        push.y_width = pieces_of(to.width - parity.column, stride);
        push.kernel_height = parity.kernel_height;
        push.kernel_width = parity.kernel_width;
        push.step = 1;
        push.pad_top = parity.pad_top;
        push.pad_left = parity.pad_left;
        push.y_row = stride * to.width;
        push.y_pixel = stride;
        push.y_first = parity.row * to.width + parity.column;
        push.weight_first = parity.first_tap * quads_of_weight;
        push.weight_tap = stride * quads_of_weight;
        push.weight_row = stride * form_.kernel * quads_of_weight;
        push.weight_in = taps * quads_of_weight;
        push.weight_out = out_blocks * taps * quads_of_weight;
        const Tiling tiling = backward_input_(recorder, {.from = dy,
                                                         .to = dx,
                                                         .weights = turned_->whole(),
                                                         .bias = turned_->whole(),
                                                         .result = has_slope_ ? x : PackedView{},
                                                         .push = push,
                                                         .first_partial = tiles});
        tiles += tiling.tiles();
    }
    const auto all = static_cast<std::uint32_t>(tiles);
    return {.tiles_x = all, .width = all};  // sums need no more than their number
}

void WeightLayer::backward_weights(Recorder& recorder, const PackedView& x, const PackedView& dy,
                                   std::uint32_t own) {
    (*gradient_)(recorder, x, dy);
    if (rows_ == nullptr) return;
    const BufferRange row = rows_->range(own), gradient = parameters_.gradient(form_.weight_name());
    (*sum_)(recorder, form_.weights, gradient_->partials(), gradient);
    recorder.copy(gradient.buffer->range(gradient.offset, row.size), row);
}

void WeightLayer::add_nothing(Recorder& recorder, std::uint32_t own) const {
    recorder.fill(rows_->range(own), 0);
}

WeightPartials WeightLayer::partials() const {
    return rows_ == nullptr ? gradient_->partials() : rows_->partials();
}

void WeightLayer::update(Recorder& recorder, const OptimizerKernels& optimizer) const {
    optimizer.step_weights(recorder, form_.weight_name(), form_.weights, partials(),
                           turned_ ? turned_->whole() : BufferRange{});
}

void WeightLayer::add_gradient(Recorder& recorder, const OptimizerKernels& optimizer) const {
    optimizer.add_gradient(recorder, form_.weight_name(), form_.weights, partials());
}

}  // namespace shadenet
