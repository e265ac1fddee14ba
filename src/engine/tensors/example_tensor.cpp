#include "engine/tensors/example_tensor.h"

#include <algorithm>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "data/examples.h"
#include "engine/tensors/packed.h"
#include "engine/tensors/smaller.h"
#include "gpu/reflection.h"

namespace shadenet {

namespace {

/// From here on an example begins where a binding can, so that a binding need not begin with the first of
/// several; smaller ones would grow too much.
constexpr std::uint64_t large_example = 16 * range_alignment;

std::uint32_t values_of_quad(ExampleValues kept) {
    return kept == ExampleValues::levels ? quad_bytes : quad_bytes / sizeof(float);
}

/// Planes of an example, and values of each.
std::uint32_t count_planes(const Shape& shape) {
    return shape.plane() == 1 ? 1 : shape.c;
}
std::uint64_t values_of_plane(const Shape& shape) {
    return shape.plane() == 1 ? shape.c : shape.plane();
}

std::uint64_t plane_quads(const Shape& shape, ExampleValues kept) {
    return pieces_of(values_of_plane(shape), values_of_quad(kept));
}

std::uint64_t example_bytes(const Shape& shape, ExampleValues kept) {
    const std::uint64_t bytes = count_planes(shape) * plane_quads(shape, kept) * quad_bytes;
    return bytes < large_example ? bytes : align_up(bytes);
}

std::uint64_t checked_bytes(const Shape& all, ExampleValues kept, const std::string& name) {
    require_countable(all, name);
    return ExampleTensor::bytes(all, kept);
}

}  // namespace

std::uint32_t word_of(const PictureMove& move) {
    const auto right = static_cast<std::uint32_t>(move.right), down = static_cast<std::uint32_t>(move.down);
    return (right & 0xffffU) | (down & 0x7fffU) << 16U | std::uint32_t{move.mirrored} << 31U;
}

ExampleTensor::ExampleTensor(const Device& device, const Shape& all, ExampleValues kept,
                             const std::string& name, const PixelRange& range)
    : shape_(all), kept_(kept), range_(range), buffer_(device, checked_bytes(all, kept, name), name) {}

std::uint64_t ExampleTensor::bytes(const Shape& all, ExampleValues kept) {
    return all.n * example_bytes(all, kept);
}

std::uint32_t ExampleTensor::quads_of_plane() const {
    return static_cast<std::uint32_t>(plane_quads(shape_, kept_));
}

std::uint32_t ExampleTensor::quads_of_example() const {
    return static_cast<std::uint32_t>(example_bytes(shape_, kept_) / quad_bytes);
}

template <class Value, class CopyPlane>
void ExampleTensor::upload_planes(std::span<const Value> values, std::uint32_t first,
                                  const CopyPlane& copy) const {
    const std::size_t plane = values_of_plane(shape_), example = count_planes(shape_) * plane;
    const std::size_t examples = values.size() / example;
    if (examples * example != values.size() || first > shape_.n || examples > shape_.n - first) {
        throw std::invalid_argument("examples of another shape");
    }
    const std::size_t stride = example_bytes(shape_, kept_);
    std::vector<std::byte> bytes(examples * stride);
    for (std::size_t i = 0; i < values.size(); i += plane) {
        const std::size_t to = i / example * stride + i % example / plane * quads_of_plane() * quad_bytes;
        copy(values.subspan(i, plane), &bytes[to]);
    }
    buffer_.write(first * stride, bytes);
}

void ExampleTensor::upload(std::span<const float> values, std::uint32_t first) const {
    if (!range_.is_unit()) throw std::invalid_argument("floats for a tensor of levels in a range");
    upload_planes(values, first, [&](std::span<const float> from, std::byte* to) {
        if (kept_ == ExampleValues::levels) {
            std::ranges::transform(from, to, [](float value) { return std::byte{whole_level(value)}; });
        } else {
            std::ranges::copy(std::as_bytes(from), to);
        }
    });
}

void ExampleTensor::upload_levels(std::span<const std::uint8_t> levels, std::uint32_t first) const {
    if (kept_ != ExampleValues::levels) throw std::invalid_argument("bytes for a tensor of floats");
    upload_planes(levels, first, [](std::span<const std::uint8_t> from, std::byte* to) {
        std::ranges::copy(std::as_bytes(from), to);
    });
}

std::vector<ImageChunk> ExampleTensor::bindable_runs(const Device& device) const {
    const std::uint64_t stride = example_bytes(shape_, kept_), most = device.info().max_storage_range;
    // The next binding can begin after so many examples.
    const std::uint64_t step = range_alignment / std::gcd(range_alignment, stride);
    const std::uint64_t together = std::min<std::uint64_t>(most / stride / step * step, shape_.n);
    if (together == 0) {
        throw InputError(
            fmt::format("{}: an example needs {} MiB in one binding, and the device binds {} MiB; use {}",
                        device.info().name, stride >> 20, most >> 20, smaller_pictures));
    }
    std::vector<ImageChunk> runs;
    for (std::uint64_t first = 0; first < shape_.n; first += together) {
        runs.push_back({static_cast<std::uint32_t>(first),
                        static_cast<std::uint32_t>(std::min(together, shape_.n - first))});
    }
    return runs;
}

BufferRange ExampleTensor::range(const ImageChunk& run) const {
    const std::uint64_t stride = example_bytes(shape_, kept_);
    return buffer_.range(run.first * stride, run.count * stride);
}

}  // namespace shadenet
