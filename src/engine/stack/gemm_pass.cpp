#include "engine/stack/gemm_pass.h"

#include <algorithm>
#include <vector>

#include "engine/stack/weight_form.h"
#include "engine/tensors/activation_constant.h"

namespace shadenet {

namespace {

constexpr std::uint32_t quads_of_partial = 2;

/// How a pass cuts images. Staged tiles count pixels through all images where one call has them all.
Tiling cut_images(const GemmTile& tile, std::uint32_t width, std::uint32_t height, std::uint32_t images,
                  bool together) {
    if (!tile.staged) {
        return {tile.columns, tile.rows, pieces_of(width, tile.columns), pieces_of(height, tile.rows), width,
                height,       images};
    }
    const std::uint32_t pixels = width * height * (together ? images : 1);
    return {tile.staged_pixels(), 1, pieces_of(pixels, tile.staged_pixels()), 1, pixels, 1,
            together ? 1 : images};
}

}  // namespace

GemmPass::GemmPass(const Device& device, const GemmTile& tile, const End& end, Scratch& partials)
    : device_(device),
      tile_(tile),
      leaves_partials_(end.epilogue != push::EPILOGUE_NONE),
      partials_(partials),
      kernel_(device, tile.staged ? "stack_gemm_staged" : "stack_gemm",
              {"x", "weight", "bias", "other", "result", "y", "partial"},
              {{"OUT4", tile.out_blocks},
               {"COLS", tile.columns},
               {"ROWS", tile.rows},
               {"KIND", activation_constant(end.activation)},
               {"EPILOGUE", end.epilogue},
               {"BIAS", end.bias},
               {"ADD", end.add}},
              tile.local_size) {}

void GemmPass::reserve_partials(const Shape& to, std::uint32_t stride) {
    if (!leaves_partials_) return;
    const std::uint32_t height = pieces_of(to.h, stride), width = pieces_of(to.w, stride);
    const std::uint64_t tiles_of_class =
        tile_.staged ? pieces_of(height * width, tile_.staged_pixels())
                     : pieces_of(height, tile_.rows) * pieces_of(width, tile_.columns);
    partials_.reserve(to.n * tiles_of_class * stride * stride * blocks_of(to.c) * quads_of_partial *
                      quad_bytes);
}

Tiling GemmPass::operator()(Recorder& recorder, Product product) const {
    push::GemmPush& push = product.push;
    const bool joined = both_side_by_side(product.from, product.to);
    const std::vector<ImageChunk> chunks = packed_chunks(device_, product.from, product.to, 1, ~0ull);
    const std::uint32_t images = joined ? 1 : product.to.shape.n;
    const Tiling tiling = cut_images(tile_, push.y_width, push.y_height, images, chunks.size() == 1);
    push.tiles_x = tiling.tiles_x;
    push.tiles_y = tile_.staged ? images / tiling.images : tiling.tiles_y;
    const std::uint64_t tiles_of_image = std::uint64_t{tiling.tiles_x} * tiling.tiles_y;
    const std::uint64_t groups = pieces_of(push.out_blocks, tile_.group_blocks());
    const std::uint64_t products = std::uint64_t{tile_.pixels()} * groups * tile_.group_blocks() * 16 *
                                   std::max(1u, push.in_blocks * push.kernel_height * push.kernel_width);
    const std::uint64_t tiles_of_group = tile_.staged ? 1 : tile_.local_size;
    const std::uint64_t most_groups =
        std::max<std::uint64_t>(1, std::min<std::uint64_t>(products_per_call / products / tiles_of_group,
                                                           device_.info().max_group_count[0]));
    const std::uint64_t most_tiles = most_groups * tiles_of_group;
    const std::uint64_t partial_bytes = std::uint64_t{push.out_blocks} * quads_of_partial * quad_bytes;
    const std::uint64_t all_tiles = product.first_partial + tiling.tiles();
    const BufferRange partial = leaves_partials_ ? partials_.range(all_tiles * partial_bytes) : product.bias;
    for (const ImageChunk chunk : chunks) {
        const PackedView from = product.from.images(chunk.first, chunk.count);
        const PackedView to = product.to.images(chunk.first, chunk.count);
        const auto part_of = [&](const PackedView& view) {
            return view.buffer != nullptr ? view.images(chunk.first, chunk.count) : to;
        };
        push.tiles =
            chunks.size() == 1 ? tiling.tiles() : static_cast<std::uint32_t>(chunk.count * tiles_of_image);
        push.partial_first = static_cast<std::uint32_t>(product.first_partial + chunk.first * tiles_of_image);
        for (std::uint64_t first = 0; first < push.tiles; first += most_tiles) {
            push.first_tile = static_cast<std::uint32_t>(first);
            const std::uint64_t tiles = std::min<std::uint64_t>(push.tiles - first, most_tiles);
            kernel_(recorder,
                    {{"x", from.range()},
                     {"weight", product.weights},
                     {"bias", product.bias},
                     {"other", part_of(product.other).range()},
                     {"result", part_of(product.result).range()},
                     {"y", to.range()},
                     {"partial", partial}},
                    push, {tile_.staged ? tiles * GemmTile::staged_threads : tiles, groups});
        }
    }
    return tiling;
}

}  // namespace shadenet
