#include "check/harness.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <limits>

#include <fmt/format.h>

namespace shadenet::check {

namespace {

constexpr float poison = std::numeric_limits<float>::quiet_NaN();

std::uint32_t guarded_stride(const Shape& shape) {
    const std::uint64_t image = align_up(shape.c * shape.plane() * sizeof(float)) + range_alignment;
    return static_cast<std::uint32_t>(image / sizeof(float));
}

/// A quiet NaN that no arithmetic makes, different for different names.
std::uint32_t sentinel_of(const std::string& name) {
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string>()(name));
    return 0x7fc00001 | (hash & 0x3ffffe);
}

std::string describe_changes(std::size_t changed, std::size_t first, const std::string& buffer) {
    if (changed == 0) return "";
    return fmt::format("{} words around {} were written, the first at float {}", changed, buffer, first);
}

}  // namespace

GuardedTensor::GuardedTensor(const Device& device, const Shape& shape, std::string name)
    : shape_(shape),
      name_(std::move(name)),
      image_stride_(guarded_stride(shape)),
      sentinel_(sentinel_of(name_)),
      buffer_(device, 2 * guard_bytes + std::uint64_t{shape.n} * image_stride_ * sizeof(float), name_) {
    const std::vector<std::uint32_t> words(buffer_.bytes() / sizeof(std::uint32_t), sentinel_);
    buffer_.upload(std::span<const std::uint32_t>(words));
    upload(std::vector<float>(shape.values(), poison));
}

GuardedTensor::GuardedTensor(const Device& device, const Shape& shape, std::string name,
                             std::span<const float> values)
    : GuardedTensor(device, shape, std::move(name)) {
    upload(values);
}

std::string GuardedTensor::damage() const {
    const auto words = buffer_.download<std::uint32_t>(buffer_.bytes() / sizeof(std::uint32_t));
    const std::size_t before = guard_bytes / sizeof(float), images = std::size_t{shape_.n} * image_stride_;
    std::size_t changed = 0, first = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const bool in_images = i >= before && i - before < images;
        if (in_images && (i - before) % image_stride_ < image_values()) continue;
        if (words[i] != sentinel_ && changed++ == 0) first = i;
    }
    return describe_changes(changed, first, name_);
}

void poison_gradients(const ParameterBuffers& buffers, const Parameters& parameters) {
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) continue;
        const std::vector<float> values(tensor.values.size(), poison);
        const BufferRange range = buffers.gradient(tensor.name);
        range.buffer->upload(std::span<const float>(values), range.offset);
    }
}

std::string gradient_damage(const ParameterBuffers& buffers, const Parameters& parameters) {
    const BufferRange all = buffers.all_gradients();
    std::vector<float> values = all.buffer->download<float>(all.size / sizeof(float), all.offset);
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) continue;
        const std::uint64_t first = (buffers.gradient(tensor.name).offset - all.offset) / sizeof(float);
        std::fill_n(values.begin() + static_cast<std::ptrdiff_t>(first), tensor.values.size(), 0.0f);
    }
    const auto written = [](float value) { return std::bit_cast<std::uint32_t>(value) != 0; };
    const auto first = std::find_if(values.begin(), values.end(), written);
    const auto changed = std::count_if(values.begin(), values.end(), written);
    return describe_changes(static_cast<std::size_t>(changed),
                            static_cast<std::size_t>(first - values.begin()), "the gradients");
}

void add_damage(Report& report, const std::string& kernel,
                std::initializer_list<const GuardedTensor*> tensors) {
    for (const GuardedTensor* tensor : tensors) report.add_damage(kernel, tensor->name(), tensor->damage());
}

}  // namespace shadenet::check
