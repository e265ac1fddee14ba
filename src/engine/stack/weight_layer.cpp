#include "engine/stack/weight_layer.h"

#include <algorithm>
#include <utility>

#include "engine/tensors/activation_constant.h"
#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint32_t quads_of_weight = 4;  // of one tap of a block of outputs
constexpr std::uint32_t quads_of_partial = 2;
/// Multiply-adds of one call, so that none lasts too long for a driver's watchdog.
constexpr std::uint64_t products_per_call = std::uint64_t{4} << 30;
/// Pixels that one sum of a weight gradient runs over: rounding grows with its length.
constexpr std::uint64_t pixels_per_split = 32'768;
/// Rounds of a thread's loop: some software drivers end a loop after 65,535 without a message.
constexpr std::uint64_t most_loop_rounds = 65'000;

std::uint32_t epilogue_of(const ForwardEpilogue& forward) {
    return forward.moments ? push::EPILOGUE_MOMENTS : push::EPILOGUE_NONE;
}

std::uint32_t add_of(Sum sum) {
    if (sum == Sum::none) return push::ADD_NONE;
    return sum == Sum::before_activation ? push::ADD_BEFORE_ACTIVATION : push::ADD_AFTER_ACTIVATION;
}

QuadKernel<push::GemmPush> gemm_kernel(const Device& device, const GemmTile& tile,
                                       std::optional<ActivationKind> activation, std::uint32_t epilogue,
                                       bool bias, std::uint32_t add) {
    return {device,
            tile.staged ? "stack_gemm_staged" : "stack_gemm",
            {"x", "weight", "bias", "other", "result", "y", "partial"},
            {{"OUT4", tile.out_blocks},
             {"COLS", tile.columns},
             {"ROWS", tile.rows},
             {"KIND", activation_constant(activation)},
             {"EPILOGUE", epilogue},
             {"BIAS", bias},
             {"ADD", add}},
            tile.local_size};
}

QuadKernel<push::WeightGradientPush> weight_kernel(const Device& device, const WeightTile& tile,
                                                   std::uint32_t stride, bool ragged) {
    return {device,
            "stack_weight_gradient",
            {"x", "dy", "partial"},
            {{"TAPS", tile.taps},
             {"STRIDE", stride},
             {"OUT4", tile.out_blocks},
             {"IN4", tile.in_blocks},
             {"COLS", tile.columns},
             {"RAGGED", ragged}},
            tile.local_size};
}

/// How images lie for a pass: those of one pixel as one image, where no tap but one meets them.
struct Lie {
    std::uint32_t images, height, width, image_stride, block_stride;
};
Lie lie_of(const PackedView& view, bool joined) {
    if (joined) return {1, 1, view.shape.n, 0, view.block_stride()};
    return {view.shape.n, view.shape.h, view.shape.w, view.image_stride(), view.block_stride()};
}

/// The sides of a product, with nothing about its weights and tiles.
push::GemmPush gemm_between(const Lie& from, const Lie& to) {
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

/// How a pass cuts images. Staged tiles count pixels through all images where one call has them all.
Tiling tiles_of(const GemmTile& tile, std::uint32_t width, std::uint32_t height, std::uint32_t images,
                bool together) {
    if (!tile.staged) {
        return {tile.columns, tile.rows, pieces_of(width, tile.columns), pieces_of(height, tile.rows), width,
                height,       images};
    }
    const std::uint32_t pixels = width * height * (together ? images : 1);
    return {tile.staged_pixels(), 1, pieces_of(pixels, tile.staged_pixels()), 1, pixels, 1,
            together ? 1 : images};
}

bool both_side_by_side(const PackedView& a, const PackedView& b) {
    return a.side_by_side() && b.side_by_side();
}

}  // namespace

WeightLayer::Form WeightLayer::form_of(const Conv& conv) {
    return {conv.name,
            {conv.out_channels, conv.in_channels, conv.kernel * conv.kernel},
            conv.kernel,
            conv.stride,
            conv.padding == Padding::same ? (conv.kernel - 1) / 2 : 0};
}

WeightLayer::Form WeightLayer::form_of(const Dense& dense) {
    return {dense.name, {dense.out_features, dense.in_features, 1}};
}

LayerClass WeightLayer::class_of(const Form& form, const Shape& largest_y, const ForwardEpilogue& forward,
                                 const BackwardEpilogue& backward) {
    return LayerClass::of(form.weights, form.kernel, form.stride, largest_y, forward, backward);
}

WeightLayer::WeightLayer(const Device& device, ParameterBuffers& parameters, Form form,
                         const Shape& largest_x, const Shape& largest_y, Scratch& partials, bool training,
                         bool needs_dx, const ForwardEpilogue& forward, const BackwardEpilogue& backward,
                         const std::optional<LayerTiles>& tiles, const std::optional<BatchNorm>& folded)
    : device_(device),
      parameters_(parameters),
      form_(std::move(form)),
      partials_(partials),
      forward_epilogue_(forward),
      backward_epilogue_(backward),
      tiles_(tiles.value_or(
          default_layer_tiles(device.info().kind, class_of(form_, largest_y, forward, backward)))),
      forward_(gemm_kernel(device, tiles_.forward, forward.activation, epilogue_of(forward), true,
                           add_of(forward.sum))),
      backward_input_(gemm_kernel(device, tiles_.input, backward.slope,
                                  backward.slope ? push::EPILOGUE_SLOPE : push::EPILOGUE_NONE, false,
                                  backward.add ? push::ADD_BEFORE_ACTIVATION : push::ADD_NONE)),
      weight_gradient_(weight_kernel(device, tiles_.weights, form_.stride, false)),
      ragged_weight_gradient_(weight_kernel(device, tiles_.weights, form_.stride, true)),
      turn_(device, "stack_turn", {"weight", "turned"}, {}, 64),
      pack_(device, "stack_pack_weights", {"dense", "weight"}, {}, 64) {
    const PackedView x{nullptr, 0, largest_x}, y{nullptr, 0, largest_y};
    const std::size_t calls = packed_chunks(device, x, y, 1, ~0ull).size();
    const std::uint64_t bytes = form_.weights.block_values() * sizeof(float);
    if (parameters.layout() == WeightLayout::dense) blocks_.emplace(device, bytes, form_.name + " in blocks");
    if (folded) fold_.emplace(device, parameters, form_.name, form_.weights, *folded);
    const auto reserve = [&](const GemmTile& tile, const Shape& to, std::uint32_t stride) {
        const std::uint32_t height = pieces_of(to.h, stride), width = pieces_of(to.w, stride);
        const std::uint64_t tiles_of_class =
            tile.staged ? pieces_of(height * width, tile.staged_pixels())
                        : pieces_of(height, tile.rows) * pieces_of(width, tile.columns);
        partials_.reserve(to.n * tiles_of_class * stride * stride * blocks_of(to.c) * quads_of_partial *
                          quad_bytes);
    };
    if (forward.moments) reserve(tiles_.forward, largest_y, 1);
    if (!training) return;
    if (needs_dx) turned_.emplace(device, bytes, form_.name + " turned");
    if (needs_dx && backward.slope) reserve(tiles_.input, largest_x, form_.stride);
    weight_partials_.emplace(device, (most_splits(y) + calls) * bytes, form_.name + " partial gradients");
}

void WeightLayer::refresh(Recorder& recorder) {
    const WeightExtent& weights = form_.weights;
    const push::TurnPush push{weights.in_blocks(), weights.out_blocks(), weights.taps, weights.in,
                              weights.out};
    const std::uint32_t blocks = push.in_blocks * push.out_blocks * push.taps;
    if (blocks_) {
        pack_(recorder, {{"dense", parameters_.values(weight_name())}, {"weight", blocks_->whole()}}, push,
              {std::uint64_t{blocks} * quads_of_weight});
    }
    if (fold_) fold_->fold(recorder, weight_blocks(), bias());
    if (!turned_ || seen_uploads_ == parameters_.uploads()) return;
    seen_uploads_ = parameters_.uploads();
    turn_(recorder, {{"weight", parameters_.values(weight_name())}, {"turned", turned_->whole()}}, push,
          {blocks});
}

/// Records the calls of a pass; the push constants have what its geometry needs. Returns the pass's tiles.
Tiling WeightLayer::run(Recorder& recorder, Gemm gemm) const {
    const GemmTile& tile = gemm.tile;
    push::GemmPush& push = gemm.push;
    const bool joined = both_side_by_side(gemm.from, gemm.to);
    const std::vector<ImageChunk> chunks = packed_chunks(device_, gemm.from, gemm.to, 1, ~0ull);
    const std::uint32_t images = joined ? 1 : gemm.to.shape.n;
    const Tiling tiling = tiles_of(tile, push.y_width, push.y_height, images, chunks.size() == 1);
    push.tiles_x = tiling.tiles_x;
    push.tiles_y = tile.staged ? images / tiling.images : tiling.tiles_y;
    const std::uint64_t tiles_of_image = std::uint64_t{tiling.tiles_x} * tiling.tiles_y;
    const std::uint64_t groups = pieces_of(push.out_blocks, tile.group_blocks());
    const std::uint64_t products = std::uint64_t{tile.pixels()} * groups * tile.group_blocks() * 16 *
                                   std::max(1u, push.in_blocks * push.kernel_height * push.kernel_width);
    const std::uint64_t tiles_of_group = tile.staged ? 1 : tile.local_size;
    const std::uint64_t most_groups =
        std::max<std::uint64_t>(1, std::min<std::uint64_t>(products_per_call / products / tiles_of_group,
                                                           device_.info().max_group_count[0]));
    const std::uint64_t most_tiles = most_groups * tiles_of_group;
    const std::uint64_t partial_bytes = std::uint64_t{push.out_blocks} * quads_of_partial * quad_bytes;
    const std::uint64_t all_tiles = gemm.first_partial + tiling.tiles();
    const BufferRange partial = gemm.leaves_partials ? partials_.range(all_tiles * partial_bytes) : gemm.bias;
    for (const ImageChunk chunk : chunks) {
        const PackedView from = gemm.from.images(chunk.first, chunk.count);
        const PackedView to = gemm.to.images(chunk.first, chunk.count);
        const PackedView other =
            gemm.other.buffer != nullptr ? gemm.other.images(chunk.first, chunk.count) : to;
        const PackedView result =
            gemm.result.buffer != nullptr ? gemm.result.images(chunk.first, chunk.count) : to;
        push.tiles =
            chunks.size() == 1 ? tiling.tiles() : static_cast<std::uint32_t>(chunk.count * tiles_of_image);
        push.partial_first = static_cast<std::uint32_t>(gemm.first_partial + chunk.first * tiles_of_image);
        for (std::uint64_t first = 0; first < push.tiles; first += most_tiles) {
            push.first_tile = static_cast<std::uint32_t>(first);
            const std::uint64_t tiles = std::min<std::uint64_t>(push.tiles - first, most_tiles);
            gemm.kernel(recorder,
                        {{"x", from.range()},
                         {"weight", gemm.weights},
                         {"bias", gemm.bias},
                         {"other", other.range()},
                         {"result", result.range()},
                         {"y", to.range()},
                         {"partial", partial}},
                        push, {tile.staged ? tiles * GemmTile::staged_threads : tiles, groups});
        }
    }
    return tiling;
}

Tiling WeightLayer::forward(Recorder& recorder, const PackedView& x, const PackedView& y,
                            const PackedView& other) const {
    const bool joined = both_side_by_side(x, y);
    const Lie from = lie_of(x, joined), to = lie_of(y, joined);
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
    return run(recorder, {forward_,
                          tiles_.forward,
                          x,
                          y,
                          fold_ ? fold_->weights() : weight_blocks(),
                          fold_ ? fold_->bias() : bias(),
                          other,
                          {},
                          push,
                          forward_epilogue_.moments});
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
    const Lie from = lie_of(dy, joined), to = lie_of(dx, joined);
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
        const Tiling tiling = run(recorder, {backward_input_,
                                             tiles_.input,
                                             dy,
                                             dx,
                                             turned_->whole(),
                                             turned_->whole(),
                                             {},
                                             backward_epilogue_.slope ? x : PackedView{},
                                             push,
                                             backward_epilogue_.slope.has_value(),
                                             tiles});
        tiles += tiling.tiles();
    }
    const auto all = static_cast<std::uint32_t>(tiles);
    return {.tiles_x = all, .width = all};  // sums need no more than their number
}

/// Whether the weight gradient sees images of one pixel as one image: x has one pixel then, too.
bool WeightLayer::joins(const PackedView& dy) const {
    return dy.side_by_side() && form_.kernel == 1 && form_.stride == 1;
}

/// At least as many as splits_of() for a batch of these images, or fewer: a smaller batch may have more
/// splits.
std::uint32_t WeightLayer::most_splits(const PackedView& dy) const {
    constexpr std::uint64_t least_threads = 1024;
    const bool joined = joins(dy);
    const Lie lie = lie_of(dy, joined);
    const std::uint64_t tiles =
        std::uint64_t{pieces_of(form_.weights.out_blocks(), tiles_.weights.out_blocks)} *
        pieces_of(form_.weights.in_blocks(), tiles_.weights.in_blocks) * form_.kernel *
        pieces_of(form_.kernel, tiles_.weights.taps);
    const std::uint64_t rows = std::uint64_t{lie.images} * lie.height;
    const std::uint64_t rounds = rows * pieces_of(lie.width, tiles_.weights.columns);
    const auto pieces = [](std::uint64_t count, std::uint64_t piece) { return (count + piece - 1) / piece; };
    const std::uint64_t wanted = std::max({pieces(least_threads, tiles), pieces(rounds, most_loop_rounds),
                                           pieces(rows * lie.width, pixels_per_split)});
    return static_cast<std::uint32_t>(std::min(wanted, rows));
}

/// Those of most_splits() that are left when each but the last has as many rows.
std::uint32_t WeightLayer::splits_of(const PackedView& dy) const {
    const Lie lie = lie_of(dy, joins(dy));
    const std::uint32_t rows = lie.images * lie.height;
    return pieces_of(rows, pieces_of(rows, most_splits(dy)));
}

void WeightLayer::backward_weights(Recorder& recorder, const PackedView& x, const PackedView& dy) {
    const bool joined = joins(dy);
    const Lie all = lie_of(dy, joined);
    const std::uint32_t rows_per_split = pieces_of(all.images * all.height, splits_of(dy));
    const std::uint32_t out_tiles = pieces_of(form_.weights.out_blocks(), tiles_.weights.out_blocks);
    const std::uint32_t in_tiles = pieces_of(form_.weights.in_blocks(), tiles_.weights.in_blocks);
    const std::uint32_t tap_tiles = pieces_of(form_.kernel, tiles_.weights.taps);
    const std::uint64_t tiles = std::uint64_t{out_tiles} * in_tiles * form_.kernel * tap_tiles;
    const auto& kernel = all.width % tiles_.weights.columns == 0 ? weight_gradient_ : ragged_weight_gradient_;
    const std::uint64_t split_products =
        std::uint64_t{rows_per_split} * all.width * form_.weights.block_values();
    const auto splits_per_call = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        products_per_call / std::max<std::uint64_t>(split_products, 1), 1, 1u << 20));
    splits_ = 0;
    for (const ImageChunk chunk : packed_chunks(device_, x, dy, 1, ~0ull)) {
        const PackedView some_x = x.images(chunk.first, chunk.count);
        const PackedView some_dy = dy.images(chunk.first, chunk.count);
        const Lie from = lie_of(some_x, joined), by = lie_of(some_dy, joined);
        push::WeightGradientPush push{.in_blocks = form_.weights.in_blocks(),
                                      .out_blocks = form_.weights.out_blocks(),
                                      .x_height = from.height,
                                      .x_width = from.width,
                                      .y_height = by.height,
                                      .y_width = by.width,
                                      .kernel = form_.kernel,
                                      .pad = form_.pad,
                                      .out_tiles = out_tiles,
                                      .in_tiles = in_tiles,
                                      .tap_tiles = tap_tiles,
                                      .splits = 0,
                                      .rows_per_split = rows_per_split,
                                      .rows = by.images * by.height,
                                      .x_image = from.image_stride,
                                      .x_block = from.block_stride,
                                      .y_image = by.image_stride,
                                      .y_block = by.block_stride,
                                      .first_split = 0,
                                      .partial_first = splits_};
        const std::uint32_t splits = pieces_of(push.rows, rows_per_split);
        for (; push.first_split < splits; push.first_split += splits_per_call) {
            push.splits = std::min(splits_per_call, splits - push.first_split);
            kernel(recorder,
                   {{"x", some_x.range()}, {"dy", some_dy.range()}, {"partial", weight_partials_->whole()}},
                   push, linear_threads(tiles * push.splits));
        }
        splits_ += splits;
    }
}

void WeightLayer::update(Recorder& recorder, const OptimizerKernels& optimizer) const {
    const std::uint64_t bytes = splits_ * form_.weights.block_values() * sizeof(float);
    optimizer.step_weights(recorder, weight_name(), form_.weights,
                           {weight_partials_->range(0, bytes), splits_},
                           turned_ ? turned_->whole() : BufferRange{});
}

void WeightLayer::add_gradient(Recorder& recorder, const OptimizerKernels& optimizer) const {
    const std::uint64_t bytes = splits_ * form_.weights.block_values() * sizeof(float);
    optimizer.add_gradient(recorder, weight_name(), form_.weights,
                           {weight_partials_->range(0, bytes), splits_});
}

}  // namespace shadenet
