#include "engine/stack/packing.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/linear_threads.h"
#include "engine/tensors/smaller.h"

namespace shadenet {

namespace {

constexpr std::uint64_t values_per_call = 4 << 20;
constexpr std::uint32_t pixels_per_thread = 8;  // E of stack_unpack

/// The planar images as they look where each value of an image is a feature, if that is how they are packed.
TensorView as_packed(const TensorView& planar, const PackedView& packed) {
    TensorView view = planar;
    if (planar.shape != packed.shape) {
        const std::uint64_t features = std::uint64_t{planar.shape.c} * planar.shape.plane();
        view.shape = {planar.shape.n, static_cast<std::uint32_t>(features), 1, 1};
    }
    if (view.shape != packed.shape) {
        throw std::invalid_argument("planar and packed images of different shapes");
    }
    return view;
}

/// Packed images side by side are bound as a whole; of others a call binds as many as it works on, and as
/// many images of `other_bytes`.
std::vector<ImageChunk> packing_chunks(const Device& device, const PackedView& packed,
                                       std::uint64_t other_bytes) {
    const std::uint64_t bindable = device.info().max_storage_range;
    const bool side_by_side = packed.side_by_side();
    const std::uint64_t packed_at_once =
        packed_bytes(side_by_side ? packed.shape : with_images(packed.shape, 1));
    if (std::max(other_bytes, packed_at_once) > bindable) {
        throw InputError(
            fmt::format("{}: examples need {} MiB in one binding, and the device binds {} MiB; use {}",
                        device.info().name, std::max(other_bytes, packed_at_once) >> 20, bindable >> 20,
                        smaller_batch_or_pictures));
    }
    const std::uint64_t widest = std::max(other_bytes, side_by_side ? 1 : packed_at_once);
    const std::uint64_t values = std::uint64_t{blocks_of(packed.shape.c)} * 4 * packed.shape.plane();
    const std::uint64_t most =
        std::clamp<std::uint64_t>(std::min(bindable / widest, values_per_call / values), 1, packed.shape.n);
    std::vector<ImageChunk> chunks;
    for (std::uint32_t first = 0; first < packed.shape.n; first += chunks.back().count) {
        chunks.push_back(
            {first, static_cast<std::uint32_t>(std::min<std::uint64_t>(most, packed.shape.n - first))});
    }
    return chunks;
}

/// The vec4s that a thread of stack_pack writes: E of the shader.
std::uint32_t vec4s_of_thread(const Device& device) {
    return device.info().kind == DeviceKind::software ? 32 : 4;
}

/// `levels`: LEVELS of the shader.
QuadKernel<push::StackPackPush> moved_kernel(const Device& device, std::uint32_t levels) {
    return {device,
            "stack_pack_moved",
            {"all", "numbers", "packed", "moves"},
            {{"LEVELS", levels}, {"E", vec4s_of_thread(device)}},
            light_local_size};
}

QuadKernel<push::StackPackPush> pack_kernel(const Device& device, std::uint32_t levels,
                                            PicturePadding padding) {
    return {device,
            "stack_pack",
            {"all", "numbers", "packed"},
            {{"LEVELS", levels},
             {"E", vec4s_of_thread(device)},
             {"MIRRORED", padding == PicturePadding::reflect}},
            light_local_size};
}

std::uint64_t pack_threads(const ExampleTensor& examples, std::uint32_t images, std::uint32_t vec4s) {
    const std::uint32_t of_quad = examples.kept() == ExampleValues::levels ? 16 : 4;
    const std::uint32_t quads = examples.quads_of_plane();
    if (examples.shape().plane() == 1) return std::uint64_t{images} * pieces_of(quads, vec4s * 4 / of_quad);
    const std::uint32_t threads = row_threads(quads, std::max(vec4s / of_quad, 1u));
    return std::uint64_t{images} * blocks_of(examples.shape().c) * threads;
}

/// Where there is a margin, or pictures are moved, a thread has some pixels of a block of one image.
std::uint64_t pixel_threads(const PackedView& packed, std::uint32_t vec4s) {
    return std::uint64_t{packed.shape.n} * packed.blocks() * row_threads(packed.pixels(), vec4s);
}

/// Of features it has some blocks of one image.
std::uint64_t moved_threads(const PackedView& packed, std::uint32_t images, std::uint32_t vec4s) {
    if (packed.shape.plane() > 1) return pixel_threads(packed, vec4s);
    return std::uint64_t{images} * pieces_of(blocks_of(packed.shape.c), vec4s);
}

/// Throws std::invalid_argument unless the pictures that are moved are the examples.
void require_moved(const ExampleView& view, std::uint32_t margin) {
    const std::uint64_t pixels = std::uint64_t{view.rows} * view.columns;
    const bool map = view.shape.h == view.rows && view.shape.w == view.columns;
    const bool features = view.shape.plane() == 1 && pixels > 0 && view.shape.c % pixels == 0;
    if (margin > 0 || !(map || features)) throw std::invalid_argument("moves of other pictures");
}

}  // namespace

Packing::Packing(const Device& device, PicturePadding padding)
    : device_(device),
      pack_{pack_kernel(device, 0, padding), pack_kernel(device, 1, padding),
            pack_kernel(device, 2, padding)},
      move_{moved_kernel(device, 0), moved_kernel(device, 1), moved_kernel(device, 2)},
      unpack_(device, "stack_unpack", {"packed", "planar"}, {}, light_local_size) {}

void Packing::pack(Recorder& recorder, const ExampleView& from, const PackedView& to) const {
    const std::uint32_t margin = (to.shape.h - from.shape.h) / 2;
    const Shape wide{from.shape.n, from.shape.c, from.shape.h + 2 * margin, from.shape.w + 2 * margin};
    if (to.shape.h < from.shape.h || to.shape != wide)
        throw std::invalid_argument("examples and packed images of different shapes");
    const ExampleTensor& all = *from.all;
    const bool moves = from.moves.buffer != nullptr;
    if (moves) require_moved(from, margin);
    const PixelRange& range = all.level_range();
    const bool side_by_side = to.side_by_side(), numbered = from.numbers.buffer != nullptr;
    const std::uint32_t vec4s = vec4s_of_thread(device_);
    const std::vector<ImageChunk> runs = all.bindable_runs(device_);
    for (const ImageChunk& images : packing_chunks(device_, to, 0)) {
        const PackedView packed = side_by_side ? to : to.images(images.first, images.count);
        for (const ImageChunk& run : runs) {
            const BufferRange examples = all.range(run);
            const push::StackPackPush push{.channels = to.shape.c,
                                           .pixels = static_cast<std::uint32_t>(to.shape.plane()),
                                           .plane_quads = all.quads_of_plane(),
                                           .example_quads = all.quads_of_example(),
                                           .packed_image = to.image_stride(),
                                           .packed_block = to.block_stride(),
                                           .images = images.count,
                                           .first_image = images.first,
                                           .examples = run.count,
                                           .first_example = run.first,
                                           .numbered = numbered,
                                           .first_listed = from.first,
                                           .margin = margin,
                                           .rows = moves ? from.rows : from.shape.h,
                                           .columns = moves ? from.columns : from.shape.w,
                                           .low = range.low,
                                           .step = range.level_step()};
            // Where examples have no numbers, nothing is read in their place.
            const Binding in{"all", examples}, numbers{"numbers", numbered ? from.numbers : examples},
                out{"packed", packed.range()};
            if (moves) {
                move_.of(all)(recorder, {in, numbers, out, {"moves", from.moves}}, push,
                              linear_threads(moved_threads(packed, images.count, vec4s)));
            } else {
                pack_.of(all)(recorder, {in, numbers, out}, push,
                              linear_threads(margin > 0 ? pixel_threads(packed, vec4s)
                                                        : pack_threads(all, images.count, vec4s)));
            }
        }
    }
}

void Packing::unpack(Recorder& recorder, const PackedView& from, const TensorView& to) const {
    const TensorView all = as_packed(to, from);
    const bool side_by_side = from.side_by_side();
    const auto plane = static_cast<std::uint32_t>(from.shape.plane());
    const std::uint64_t planar_bytes = std::uint64_t{all.image_stride} * sizeof(float);
    for (const ImageChunk& chunk : packing_chunks(device_, from, planar_bytes)) {
        const push::StackUnpackPush push{.images = side_by_side ? 1 : chunk.count,
                                         .channels = from.shape.c,
                                         .pixels = side_by_side ? chunk.count : plane,
                                         .planar_image = side_by_side ? 0 : all.image_stride,
                                         .planar_channel = plane,
                                         .planar_pixel = side_by_side ? all.image_stride : 1,
                                         .packed_image = from.image_stride(),
                                         .packed_block = from.block_stride(),
                                         .first = side_by_side ? chunk.first : 0};
        unpack_(recorder,
                {{"packed", (side_by_side ? from : from.images(chunk.first, chunk.count)).range()},
                 {"planar", all.images(chunk.first, chunk.count).range()}},
                push,
                linear_threads(std::uint64_t{push.images} * from.blocks() *
                               row_threads(push.pixels, pixels_per_thread)));
    }
}

}  // namespace shadenet
