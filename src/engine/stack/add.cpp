#include "engine/stack/add.h"

#include <cstdint>
#include <stdexcept>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint64_t added_per_call = 16 << 20;  // values
constexpr std::uint32_t added_per_thread = 8;       // E of the shader

void require_same_shape(const PackedView& a, const PackedView& b) {
    if (a.shape == b.shape) return;
    throw std::invalid_argument("sums and copies are of tensors of one shape");
}

}  // namespace

AddPass::AddPass(const Device& device)
    : device_(device), add_(device, "stack_add", {"x", "other", "y"}, {}, light_local_size) {}

void AddPass::add(Recorder& recorder, const PackedView& x, const PackedView& other,
                  const PackedView& y) const {
    require_same_shape(x, other);
    require_same_shape(x, y);
    const std::uint64_t values = std::uint64_t{x.blocks()} * 4 * x.shape.plane();
    for (const ImageChunk& chunk : packed_chunks(device_, x, y, values, added_per_call)) {
        const PackedView part = x.images(chunk.first, chunk.count);
        const push::StackAddPush push{.images = part.image_count(),
                                      .quads = part.blocks() * part.pixels(),
                                      .image_stride = part.image_stride()};
        add_(recorder,
             {{"x", part.range()},
              {"other", other.images(chunk.first, chunk.count).range()},
              {"y", y.images(chunk.first, chunk.count).range()}},
             push, linear_threads(std::uint64_t{push.images} * row_threads(push.quads, added_per_thread)));
    }
}

void AddPass::copy(Recorder& recorder, const PackedView& x, const PackedView& y) const {
    require_same_shape(x, y);
    recorder.copy(x.range(), y.range());
}

}  // namespace shadenet
