#include "engine/stack/average.h"

#include <algorithm>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint64_t averaged_per_call = 16 << 20;  // values
constexpr std::uint32_t pixels_per_sum = 64;           // few enough to end soon, and for any driver's loops
constexpr std::uint32_t averaged_per_thread = 8;       // E of the shader that goes backward

std::uint64_t packed_values(const PackedView& map) {
    return std::uint64_t{map.blocks()} * 4 * map.shape.plane();
}

/// The images that forward() sums in one call, at most.
std::uint32_t images_per_call(const Device& device, const Shape& largest) {
    const PackedView map{nullptr, 0, largest};
    return packed_chunks(device, map, map, packed_values(map), averaged_per_call).front().count;
}

}  // namespace

AveragePass::AveragePass(const Device& device, const Shape& largest)
    : device_(device),
      forward_(device, "stack_average", {"x", "sum"}, {}, heavy_local_size(device)),
      backward_(device, "stack_average_backward", {"dy", "dx"}, {}, light_local_size) {
    const std::uint64_t blocks = std::uint64_t{images_per_call(device, largest)} * blocks_of(largest.c);
    std::uint64_t sums = largest.plane();
    for (int stage = 0; stage < 2; ++stage) {
        sums = pieces_of(sums, pixels_per_sum);
        if (sums > 1) stages_.emplace_back(device, blocks * sums * quad_bytes, "sums of maps");
    }
}

void AveragePass::forward(Recorder& recorder, const PackedView& x, const PackedView& y) const {
    for (const ImageChunk& chunk : packed_chunks(device_, x, x, packed_values(x), averaged_per_call)) {
        sum(recorder, x.images(chunk.first, chunk.count), y, chunk.first);
    }
}

void AveragePass::sum(Recorder& recorder, const PackedView& x, const PackedView& y,
                      std::uint32_t first) const {
    BufferRange from = x.range();
    push::StackAveragePush push{.images = x.shape.n,
                                .channels = x.shape.c,
                                .pixels = static_cast<std::uint32_t>(x.shape.plane()),
                                .image_stride = x.image_stride(),
                                .block_stride = x.block_stride(),
                                .scale = 1};
    for (std::size_t stage = 0;; ++stage) {
        push.sums = pieces_of(push.pixels, pixels_per_sum);
        const bool last = push.sums == 1;
        const std::uint64_t threads = std::uint64_t{push.images} * x.blocks() * push.sums;
        push.first = last ? first : 0;
        push.sum_image_stride = last ? y.image_stride() : x.blocks() * push.sums;
        push.sum_block_stride = last ? y.block_stride() : push.sums;
        if (last) push.scale = static_cast<float>(1.0 / static_cast<double>(x.shape.plane()));
        const BufferRange to = last ? y.range() : stages_[stage % 2].range(0, threads * quad_bytes);
        forward_(recorder, {{"x", from}, {"sum", to}}, push, linear_threads(threads));
        if (last) return;
        from = to;
        push.pixels = push.sums;
        push.image_stride = push.sum_image_stride;
        push.block_stride = push.sum_block_stride;
    }
}

void AveragePass::backward(Recorder& recorder, const PackedView& dy, const PackedView& dx) const {
    for (const ImageChunk& chunk : packed_chunks(device_, dx, dx, packed_values(dx), averaged_per_call)) {
        const PackedView part = dx.images(chunk.first, chunk.count);
        const auto pixels = static_cast<std::uint32_t>(dx.shape.plane());
        const push::StackAverageBackwardPush push{
            .images = chunk.count,
            .channels = dx.shape.c,
            .pixels = pixels,
            .image_stride = dx.image_stride(),
            .block_stride = dx.block_stride(),
            .all_images = dx.shape.n,
            .first_image = chunk.first,
            .scale = static_cast<float>(1.0 / static_cast<double>(dx.shape.plane()))};
        backward_(recorder, {{"dy", dy.range()}, {"dx", part.range()}}, push,
                  linear_threads(std::uint64_t{chunk.count} * dx.blocks() *
                                 row_threads(pixels, averaged_per_thread)));
    }
}

}  // namespace shadenet
