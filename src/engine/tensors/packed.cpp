#include "engine/tensors/packed.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/smaller.h"

namespace shadenet {

namespace {

std::uint64_t quads_of_image(const Shape& shape) {
    return align_up(std::uint64_t{blocks_of(shape.c)} * shape.plane() * quad_bytes) / quad_bytes;
}

/// Where a value of image n, channel c and pixel p lies, in floats.
std::size_t place(const PackedView& view, std::uint32_t n, std::uint32_t c, std::uint32_t p) {
    const std::size_t image = std::size_t{n} * view.image_stride();
    return (image + std::size_t{c / 4} * view.block_stride() + p) * 4 + c % 4;
}

template <class Use>
void for_each_value(const PackedView& view, Use use) {
    std::size_t i = 0;
    for (std::uint32_t n = 0; n < view.shape.n; ++n) {
        for (std::uint32_t c = 0; c < view.shape.c; ++c) {
            for (std::uint32_t p = 0; p < view.shape.plane(); ++p) use(i++, place(view, n, c, p));
        }
    }
}

}  // namespace

std::uint64_t packed_bytes(const Shape& shape) {
    if (shape.plane() == 1) return std::uint64_t{blocks_of(shape.c)} * shape.n * quad_bytes;
    return shape.n * quads_of_image(shape) * quad_bytes;
}

std::uint32_t PackedView::image_stride() const {
    return side_by_side() ? 1 : static_cast<std::uint32_t>(quads_of_image(shape));
}

std::uint32_t PackedView::block_stride() const {
    return side_by_side() ? shape.n : shape.h * shape.w;
}

BufferRange PackedView::range() const {
    return buffer->range(offset, packed_bytes(shape));
}

PackedView PackedView::images(std::uint32_t first, std::uint32_t count) const {
    if (count == shape.n) return *this;
    if (side_by_side()) throw std::invalid_argument("images of one pixel lie side by side");
    return {buffer, offset + std::uint64_t{first} * image_stride() * quad_bytes, with_images(shape, count)};
}

void PackedView::upload(std::span<const float> values) const {
    std::vector<float> quads(packed_bytes(shape) / sizeof(float), 0.0f);
    for_each_value(*this, [&](std::size_t i, std::size_t at) { quads[at] = values[i]; });
    buffer->upload(std::span<const float>(quads), offset);
}

std::vector<float> PackedView::download() const {
    const std::vector<float> quads = buffer->download<float>(packed_bytes(shape) / sizeof(float), offset);
    std::vector<float> values(shape.values());
    for_each_value(*this, [&](std::size_t i, std::size_t at) { values[i] = quads[at]; });
    return values;
}

void require_countable(const Shape& shape, const std::string& name) {
    if (quads_of_image(shape) <= 1u << 28) return;  // shaders count in 32 bits
    throw InputError(fmt::format("{}: {} channels of {}x{} pixels are more than one image may have; use {}",
                                 name, shape.c, shape.w, shape.h, smaller_pictures));
}

PackedTensor::PackedTensor(const Device& device, const Shape& shape, const std::string& name)
    : shape_(shape), buffer_(device, packed_bytes(shape), name) {
    require_countable(shape, name);
}

std::vector<ImageChunk> packed_chunks(const Device& device, const PackedView& a, const PackedView& b,
                                      std::uint64_t work, std::uint64_t most_per_call) {
    const std::uint64_t bindable = device.info().max_storage_range;
    const bool together = a.side_by_side() || b.side_by_side();
    const std::uint32_t at_least = together ? a.shape.n : 1;
    const std::uint64_t widest =
        std::max(packed_bytes(with_images(a.shape, at_least)), packed_bytes(with_images(b.shape, at_least)));
    if (widest > bindable) {
        const bool of_a = packed_bytes(with_images(a.shape, at_least)) == widest;
        require_bindable(device, (together ? "the batch's " : "an image's ") + map_text((of_a ? a : b).shape),
                         widest, together);
    }
    if (together) return {{0, a.shape.n}};
    const std::uint64_t most = std::clamp<std::uint64_t>(
        std::min(bindable / widest, most_per_call / std::max<std::uint64_t>(work, 1)), 1, a.shape.n);
    std::vector<ImageChunk> chunks;
    for (std::uint32_t first = 0; first < a.shape.n;) {
        const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, a.shape.n - first));
        chunks.push_back({first, count});
        first += count;
    }
    return chunks;
}

}  // namespace shadenet
