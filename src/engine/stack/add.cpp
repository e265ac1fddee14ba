#include "engine/stack/add.h"

#include <cstdint>
#include <stdexcept>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint64_t added_per_call = 16 << 20;  // values
constexpr std::uint32_t added_per_thread = 8;       // E of the shader

/// Rows and columns of `wide` that lie around `middle`, on each side.
std::uint32_t ring_around(const PackedView& middle, const PackedView& wide) {
    const std::uint32_t ring = (wide.shape.h - middle.shape.h) / 2;
    const Shape& shape = middle.shape;
    const bool is_around = wide.shape.h >= shape.h;
    if (is_around && wide.shape == Shape{shape.n, shape.c, shape.h + 2 * ring, shape.w + 2 * ring})
        return ring;
    throw std::invalid_argument("sums and copies are of tensors around one middle");
}

push::AddedPush middle_of(const PackedView& view, std::uint32_t ring) {
    return {.first = ring * (view.shape.w + 1),
            .image = view.image_stride(),
            .block = view.block_stride(),
            .row = view.shape.w};
}

push::StackAddPush added_middles(const PackedView& x, const PackedView& other) {
    const bool into_middle = x.shape.h > other.shape.h;
    const PackedView& middle = into_middle ? other : x;
    const std::uint32_t ring = ring_around(middle, into_middle ? x : other);
    const push::AddedPush in_x = middle_of(x, into_middle ? ring : 0);
    return {.images = middle.shape.n,
            .blocks = middle.blocks(),
            .rows = middle.shape.h,
            .columns = middle.shape.w,
            .x = in_x,
            .other = middle_of(other, into_middle ? 0 : ring),
            .y = in_x};
}

/// Tensors of one shape: an image is one row.
push::StackAddPush added_whole(const PackedView& x) {
    const push::AddedPush rows{.image = x.image_stride()};
    return {.images = x.image_count(),
            .blocks = 1,
            .rows = 1,
            .columns = x.blocks() * x.pixels(),
            .x = rows,
            .other = rows,
            .y = rows};
}

}  // namespace

AddPass::AddPass(const Device& device)
    : device_(device), add_(device, "stack_add", {"x", "other", "y"}, {}, light_local_size) {}

void AddPass::add(Recorder& recorder, const PackedView& x, const PackedView& other,
                  const PackedView& y) const {
    if (x.shape != y.shape) throw std::invalid_argument("a sum has its first summand's shape");
    const std::uint64_t values = std::uint64_t{x.blocks()} * 4 * x.shape.plane();
    for (const ImageChunk& chunk : packed_chunks(device_, other, y, values, added_per_call)) {
        const auto part = [&](const PackedView& view) { return view.images(chunk.first, chunk.count); };
        const push::StackAddPush push =
            x.shape == other.shape ? added_whole(part(x)) : added_middles(part(x), part(other));
        const std::uint64_t rows = std::uint64_t{push.images} * push.blocks * push.rows;
        add_(recorder, {{"x", part(x).range()}, {"other", part(other).range()}, {"y", part(y).range()}}, push,
             linear_threads(rows * row_threads(push.columns, added_per_thread)));
    }
}

void AddPass::copy(Recorder& recorder, const PackedView& x, const PackedView& y) const {
    if (ring_around(x, y) == 0) return recorder.copy(x.range(), y.range());
    recorder.fill(y.range(), 0);
    add(recorder, y, x, y);
}

}  // namespace shadenet
