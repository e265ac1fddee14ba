#include "engine/stack/flatten.h"

#include <cstdint>
#include <stdexcept>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

constexpr std::uint64_t flattened_per_call = 4 << 20;  // values
constexpr std::uint32_t flattened_per_thread = 8;      // E of the shader

Flatten::Flatten(const Device& device)
    : device_(device),
      forward_(device, "stack_flatten", {"from", "to"}, {{"BACK", 0}}, light_local_size),
      backward_(device, "stack_flatten", {"from", "to"}, {{"BACK", 1}}, light_local_size) {}

void Flatten::forward(Recorder& recorder, const PackedView& map, const PackedView& features) const {
    run(recorder, map, features, false);
}

void Flatten::backward(Recorder& recorder, const PackedView& features, const PackedView& map) const {
    run(recorder, map, features, true);
}

void Flatten::run(Recorder& recorder, const PackedView& map, const PackedView& features, bool back) const {
    const Shape& shape = map.shape;
    const std::uint64_t values = std::uint64_t{shape.c} * shape.plane();
    if (!features.side_by_side() || features.shape.n != shape.n || features.shape.c != values) {
        throw std::invalid_argument("features of another shape than the maps");
    }
    packed_chunks(device_, features, features, 1, 1);  // are they too large to bind?
    for (const ImageChunk& chunk : packed_chunks(device_, map, map, values, flattened_per_call)) {
        const PackedView part = map.images(chunk.first, chunk.count);
        const auto pixels = static_cast<std::uint32_t>(shape.plane());
        const std::uint64_t threads =
            back ? std::uint64_t{chunk.count} * map.blocks() * row_threads(pixels, flattened_per_thread)
                 : std::uint64_t{features.blocks()} * row_threads(chunk.count, flattened_per_thread);
        const push::StackFlattenPush push{.images = chunk.count,
                                          .channels = shape.c,
                                          .pixels = pixels,
                                          .image_stride = map.image_stride(),
                                          .block_stride = map.block_stride(),
                                          .all_images = shape.n,
                                          .first_image = chunk.first};
        const BufferRange from = back ? features.range() : part.range();
        const BufferRange to = back ? part.range() : features.range();
        (back ? backward_ : forward_)(recorder, {{"from", from}, {"to", to}}, push, linear_threads(threads));
    }
}

}  // namespace shadenet
