#include "engine/stack/weight_gradient.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

/// Pixels that one sum of a weight gradient is to run over, since rounding grows with its length. Rows are
/// whole, so it may be up to a row more: 2 of 13 rows of 30,000 pixels are 60,000. That is less than twice as
/// many, unless a single row is longer, and a thread's loop takes several pixels of a row at a time: it has
/// fewer than the 65,535 rounds after which some software drivers end a loop without a message.
constexpr std::uint64_t pixels_per_split = 32'768;

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

/// Whether images of one pixel are seen as one image: x has one pixel then, too.
bool joins_pixels(const WeightForm& form, const PackedView& dy) {
    return dy.side_by_side() && form.kernel == 1 && form.stride == 1;
}

/// The weights as tiles, of which each thread has one.
struct WeightTiles {
    std::uint32_t out, in, taps;
    std::uint64_t all;
};
WeightTiles cut_weights(const WeightForm& form, const WeightTile& tile) {
    const std::uint32_t out = pieces_of(form.weights.out_blocks(), tile.out_blocks);
    const std::uint32_t in = pieces_of(form.weights.in_blocks(), tile.in_blocks);
    const std::uint32_t taps = pieces_of(form.kernel, tile.taps);
    return {out, in, taps, std::uint64_t{out} * in * form.kernel * taps};
}

/// At least as many as the splits of a batch of these images or of fewer: a smaller batch may have more
/// splits.
std::uint32_t most_splits(const WeightForm& form, const WeightTile& tile, const PackedView& dy) {
    const PassImages images = PassImages::of(dy, joins_pixels(form, dy));
    const std::uint64_t rows = std::uint64_t{images.count} * images.height;
    const auto pieces = [](std::uint64_t count, std::uint64_t piece) { return (count + piece - 1) / piece; };
    const std::uint64_t wanted = std::max(pieces(tile.least_threads, cut_weights(form, tile).all),
                                          pieces(rows * images.width, pixels_per_split));
    return static_cast<std::uint32_t>(std::min(wanted, rows));
}

std::uint64_t bytes_of_splits(const Device& device, const WeightForm& form, const Shape& largest_x,
                              const Shape& largest_y, const WeightTile& tile) {
    const PackedView x{nullptr, 0, largest_x}, y{nullptr, 0, largest_y};
    // Each call may round its splits up.
    const std::size_t calls = packed_chunks(device, x, y, 1, ~0ull).size();
    return (most_splits(form, tile, y) + calls) * form.weights.block_values() * sizeof(float);
}

}  // namespace

WeightGradient::WeightGradient(const Device& device, WeightForm form, const Shape& largest_x,
                               const Shape& largest_y, const WeightTile& tile)
    : device_(device),
      form_(std::move(form)),
      tile_(tile),
      partials_(device, bytes_of_splits(device, form_, largest_x, largest_y, tile),
                form_.name + " partial gradients"),
      even_(weight_kernel(device, tile, form_.stride, false)),
      ragged_(weight_kernel(device, tile, form_.stride, true)) {}

/// The number of splits when each but the last has the same number of rows: most_splits() or fewer.
std::uint32_t WeightGradient::splits_of(const WeightForm& form, const WeightTile& tile,
                                        const PackedView& dy) {
    const PassImages images = PassImages::of(dy, joins_pixels(form, dy));
    const std::uint32_t rows = images.count * images.height;
    return pieces_of(rows, pieces_of(rows, most_splits(form, tile, dy)));
}

void WeightGradient::operator()(Recorder& recorder, const PackedView& x, const PackedView& dy) {
    const bool joined = joins_pixels(form_, dy);
    const PassImages all = PassImages::of(dy, joined);
    const std::uint32_t rows_per_split = pieces_of(all.count * all.height, splits_of(form_, tile_, dy));
    const WeightTiles tiles = cut_weights(form_, tile_);
    const auto& kernel = all.width % tile_.columns == 0 ? even_ : ragged_;
    const std::uint64_t split_products =
        std::uint64_t{rows_per_split} * all.width * form_.weights.block_values();
    const auto splits_per_call = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(
        products_per_call / std::max<std::uint64_t>(split_products, 1), 1, 1u << 20));
    splits_ = 0;
    for (const ImageChunk chunk : packed_chunks(device_, x, dy, 1, ~0ull)) {
        const PackedView some_x = x.images(chunk.first, chunk.count);
        const PackedView some_dy = dy.images(chunk.first, chunk.count);
        const PassImages from = PassImages::of(some_x, joined), by = PassImages::of(some_dy, joined);
        push::WeightGradientPush push{.in_blocks = form_.weights.in_blocks(),
                                      .out_blocks = form_.weights.out_blocks(),
                                      .x_height = from.height,
                                      .x_width = from.width,
                                      .y_height = by.height,
                                      .y_width = by.width,
                                      .kernel = form_.kernel,
                                      .pad = form_.pad,
                                      .out_tiles = tiles.out,
                                      .in_tiles = tiles.in,
                                      .tap_tiles = tiles.taps,
                                      .splits = 0,
                                      .rows_per_split = rows_per_split,
                                      .rows = by.count * by.height,
                                      .x_image = from.image_stride,
                                      .x_block = from.block_stride,
                                      .y_image = by.image_stride,
                                      .y_block = by.block_stride,
                                      .first_split = 0,
                                      .partial_first = splits_};
        const std::uint32_t splits = pieces_of(push.rows, rows_per_split);
        for (; push.first_split < splits; push.first_split += splits_per_call) {
            push.splits = std::min(splits_per_call, splits - push.first_split);
            kernel(recorder, {{"x", some_x.range()}, {"dy", some_dy.range()}, {"partial", partials_.whole()}},
                   push, linear_threads(tiles.all * push.splits));
        }
        splits_ += splits;
    }
}

WeightPartials WeightGradient::partials() const {
    return {partials_.range(0, splits_ * form_.weights.block_values() * sizeof(float)), splits_};
}

}  // namespace shadenet
