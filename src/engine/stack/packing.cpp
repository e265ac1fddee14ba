#include "engine/stack/packing.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint64_t values_per_call = 4 << 20;
constexpr std::uint32_t pixels_per_thread = 8;  // E of the shaders

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

/// Packed images side by side are bound as a whole; the others with their planar images, as many as can be.
std::vector<ImageChunk> packing_chunks(const Device& device, const TensorView& planar,
                                       const PackedView& packed) {
    const std::uint64_t bindable = device.info().max_storage_range;
    const std::uint64_t planar_bytes = std::uint64_t{planar.image_stride} * sizeof(float);
    const bool side_by_side = packed.side_by_side();
    const std::uint64_t packed_at_once =
        packed_bytes(side_by_side ? packed.shape : with_images(packed.shape, 1));
    if (std::max(planar_bytes, packed_at_once) > bindable) {
        throw InputError(fmt::format(
            "{}: examples need {} MiB in one binding, and the device binds {} MiB; use a smaller --size or "
            "--batch",
            device.info().name, std::max(planar_bytes, packed_at_once) >> 20, bindable >> 20));
    }
    const std::uint64_t widest = side_by_side ? planar_bytes : std::max(planar_bytes, packed_at_once);
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

struct PackingCall {
    TensorView planar;
    PackedView packed;
    push::StackPackingPush push;
    Threads threads;
};

std::vector<PackingCall> packing_calls(const Device& device, const TensorView& planar,
                                       const PackedView& packed) {
    const TensorView all = as_packed(planar, packed);
    const bool side_by_side = packed.side_by_side();
    const auto plane = static_cast<std::uint32_t>(packed.shape.plane());
    std::vector<PackingCall> calls;
    for (const ImageChunk& chunk : packing_chunks(device, all, packed)) {
        PackingCall call{all.images(chunk.first, chunk.count),
                         side_by_side ? packed : packed.images(chunk.first, chunk.count),
                         {.images = side_by_side ? 1 : chunk.count,
                          .channels = packed.shape.c,
                          .pixels = side_by_side ? chunk.count : plane,
                          .planar_image = side_by_side ? 0 : all.image_stride,
                          .planar_channel = plane,
                          .planar_pixel = side_by_side ? all.image_stride : 1,
                          .packed_image = packed.image_stride(),
                          .packed_block = packed.block_stride(),
                          .first = side_by_side ? chunk.first : 0},
                         {}};
        call.threads = linear_threads(std::uint64_t{call.push.images} * packed.blocks() *
                                      row_threads(call.push.pixels, pixels_per_thread));
        calls.push_back(call);
    }
    return calls;
}

}  // namespace

Packing::Packing(const Device& device)
    : device_(device),
      pack_(device, "stack_pack", {"planar", "packed"}, {}, light_local_size),
      unpack_(device, "stack_unpack", {"packed", "planar"}, {}, light_local_size) {}

void Packing::pack(Recorder& recorder, const TensorView& from, const PackedView& to) const {
    for (const PackingCall& call : packing_calls(device_, from, to)) {
        pack_(recorder, {{"planar", call.planar.range()}, {"packed", call.packed.range()}}, call.push,
              call.threads);
    }
}

void Packing::unpack(Recorder& recorder, const PackedView& from, const TensorView& to) const {
    for (const PackingCall& call : packing_calls(device_, to, from)) {
        unpack_(recorder, {{"packed", call.packed.range()}, {"planar", call.planar.range()}}, call.push,
                call.threads);
    }
}

}  // namespace shadenet
