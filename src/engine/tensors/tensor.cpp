#include "engine/tensors/tensor.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/tensors/smaller.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

std::uint32_t stride_of(const Shape& shape, const std::string& name) {
    const std::uint64_t stride = image_bytes(shape) / sizeof(float);
    if (stride > 1u << 30) {  // shaders count in 32 bits
        throw InputError(
            fmt::format("{}: {} channels of {}x{} pixels are more than one image may have; use {}", name,
                        shape.c, shape.w, shape.h, smaller_pictures));
    }
    return static_cast<std::uint32_t>(stride);
}

}  // namespace

std::uint64_t image_bytes(const Shape& shape) {
    return align_up(shape.c * shape.plane() * sizeof(float));
}

TensorView TensorView::images(std::uint32_t first, std::uint32_t count) const {
    TensorView part = *this;
    part.offset += std::uint64_t{first} * image_stride * sizeof(float);
    part.shape.n = count;
    return part;
}

BufferRange TensorView::range() const {
    return buffer->range(offset, std::uint64_t{shape.n} * image_stride * sizeof(float));
}

void TensorView::upload(std::span<const float> values) const {
    const std::size_t image = shape.c * shape.plane();
    for (std::uint32_t n = 0; n * image < values.size(); ++n) {
        buffer->upload(values.subspan(n * image, image), images(n, 1).offset);
    }
}

std::vector<float> TensorView::download() const {
    const std::size_t image = shape.c * shape.plane();
    std::vector<float> values(shape.values());
    for (std::uint32_t n = 0; n < shape.n; ++n) {
        const std::span<float> to = std::span(values).subspan(n * image, image);
        buffer->read(images(n, 1).offset, std::as_writable_bytes(to));
    }
    return values;
}

Tensor::Tensor(const Device& device, const Shape& shape, const std::string& name)
    : shape_(shape),
      image_stride_(stride_of(shape, name)),
      buffer_(device, std::uint64_t{shape.n} * image_stride_ * sizeof(float), name) {}

TensorView Tensor::view(std::uint32_t count) const {
    return {&buffer_, 0, {count, shape_.c, shape_.h, shape_.w}, image_stride_};
}

std::vector<ImageChunk> image_chunks(const Device& device, std::uint32_t images, std::uint64_t widest_stride,
                                     std::uint64_t groups_per_image) {
    constexpr std::uint64_t values_per_call = 16 << 20;
    const std::uint64_t bindable = device.info().max_storage_range / sizeof(float);
    require_bindable(device, "the values of an image", widest_stride * sizeof(float));
    const std::uint64_t most =
        std::max<std::uint64_t>(1, std::min(std::min(bindable, values_per_call) / widest_stride,
                                            device.info().max_group_count[2] / groups_per_image));
    std::vector<ImageChunk> chunks;
    for (std::uint32_t first = 0; first < images;) {
        const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, images - first));
        chunks.push_back({first, count});
        first += count;
    }
    return chunks;
}

std::string map_text(const Shape& shape) {
    return fmt::format("{} channels of {}x{} pixels", shape.c, shape.w, shape.h);
}

void require_bindable(const Device& device, const std::string& what, std::uint64_t bytes, bool of_batch) {
    const std::uint64_t bindable = device.info().max_storage_range;
    if (bytes <= bindable) return;
    throw InputError(fmt::format(
        "{}: {} take {:.1f} MiB in one binding, and the device binds {:.1f} MiB; use {}, or a network with "
        "fewer channels",
        device.info().name, what, static_cast<double>(bytes) / (1 << 20),
        static_cast<double>(bindable) / (1 << 20), of_batch ? "a smaller --batch" : smaller_pictures));
}

void require_bindable(const Device& device, const Network& network, const Shape& picture) {
    const std::vector<Shape> shapes = point_shapes(network, picture);
    const std::vector<std::string> names = point_names(network);
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        require_bindable(device, fmt::format("{}'s {}", names[i], map_text(shapes[i])),
                         image_bytes(shapes[i]));
    }
}

}  // namespace shadenet
