#include "check/packed_data.h"

#include <bit>
#include <cmath>
#include <functional>
#include <initializer_list>

#include <fmt/format.h>

namespace shadenet::check {

namespace {

/// Calls `use(float, n, channel, pixel)` for every float of the blocks, also of channels beyond the
/// last one.
template <class Use>
void for_each_packed_float(const PackedView& view, Use use) {
    for (std::uint32_t n = 0; n < view.shape.n; ++n) {
        for (std::uint32_t channel = 0; channel < 4 * view.blocks(); ++channel) {
            for (std::uint32_t pixel = 0; pixel < view.shape.plane(); ++pixel) {
                const std::size_t quad = std::size_t{n} * view.image_stride() +
                                         std::size_t{channel / 4} * view.block_stride() + pixel;
                use(4 * quad + channel % 4, n, channel, pixel);
            }
        }
    }
}

/// A quiet NaN that no arithmetic makes, different for different names.
std::uint32_t packed_sentinel(const std::string& name) {
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string>()(name));
    return 0x7fc00001 | (hash & 0x3ffffe);
}

}  // namespace

GuardedPacked::GuardedPacked(const Device& device, const Shape& shape, std::string name)
    : shape_(shape),
      name_(std::move(name)),
      sentinel_(packed_sentinel(name_)),
      buffer_(device, 2 * guard_bytes + packed_bytes(shape), name_) {
    const std::vector<std::uint32_t> words(buffer_.bytes() / sizeof(std::uint32_t), sentinel_);
    buffer_.upload(std::span<const std::uint32_t>(words));
    fill(std::vector<float>(shape.values(), unwritten), unwritten);
}

GuardedPacked::GuardedPacked(const Device& device, const Shape& shape, std::string name,
                             std::span<const float> values)
    : GuardedPacked(device, shape, std::move(name)) {
    fill(values, beyond_channels);
}

void GuardedPacked::fill(std::span<const float> values, float beyond) const {
    // As words: a float's way through a register may change which NaN it is.
    auto words = buffer_.download<std::uint32_t>(packed_bytes(shape_) / sizeof(float), guard_bytes);
    for_each_packed_float(view(), [&](std::size_t at, std::uint32_t n, std::uint32_t c, std::uint32_t p) {
        const std::size_t value = (std::size_t{n} * shape_.c + c) * shape_.plane() + p;
        words[at] = std::bit_cast<std::uint32_t>(c < shape_.c ? values[value] : beyond);
    });
    buffer_.upload(std::span<const std::uint32_t>(words), guard_bytes);
}

std::string GuardedPacked::damage() const {
    auto words = buffer_.download<std::uint32_t>(buffer_.bytes() / sizeof(std::uint32_t));
    constexpr std::size_t before = guard_bytes / sizeof(float);
    std::size_t endless = 0, first_endless = 0;
    for_each_packed_float(view(), [&](std::size_t at, std::uint32_t, std::uint32_t channel, std::uint32_t) {
        std::uint32_t& word = words[before + at];
        const bool finite = std::isfinite(std::bit_cast<float>(word));
        if (channel >= shape_.c && !finite && endless++ == 0) first_endless = at;
        word = sentinel_;
    });
    std::size_t changed = 0, first = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (words[i] != sentinel_ && changed++ == 0) first = i;
    }
    if (changed > 0) {
        return fmt::format("{} words around {} were written, the first at float {}", changed, name_, first);
    }
    if (endless == 0) return "";
    return fmt::format(
        "{} values of {} in channels beyond the last one are not finite, the first at float {}", endless,
        name_, first_endless);
}

void add_damage(Report& report, const std::string& kernel,
                std::initializer_list<const GuardedPacked*> tensors) {
    for (const GuardedPacked* tensor : tensors) report.add_damage(kernel, tensor->name(), tensor->damage());
}

void fill_with_nan(const BufferRange& range) {
    const std::vector<float> values(range.size / sizeof(float), unwritten);
    range.buffer->upload(std::span<const float>(values), range.offset);
}

std::vector<float> floats_of(const BufferRange& range) {
    return range.buffer->download<float>(range.size / sizeof(float), range.offset);
}

}  // namespace shadenet::check
