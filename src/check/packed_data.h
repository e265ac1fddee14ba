// Packed tensors on the device that detect writes around them, as check/harness.h has for others.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "check/compare.h"
#include "engine/tensors/packed.h"

namespace shadenet::check {

/// What a check fills results with before a kernel writes them.
inline constexpr float unwritten = std::numeric_limits<float>::quiet_NaN();
/// What inputs hold in the channels beyond the last one: finite, as is promised to kernels, and so odd that
/// it shows in a result that it leaks into.
inline constexpr float beyond_channels = 12345.0f;

/// Packed images with a sentinel before, between and after them, a NaN: a kernel that reads there spoils its
/// result. Results begin as NaN of another kind, channels beyond the last one included.
class GuardedPacked {
  public:
    /// A result.
    GuardedPacked(const Device& device, const Shape& shape, std::string name);
    /// An input, with values [n,c,h,w] and `beyond_channels` in the channels beyond the last one.
    GuardedPacked(const Device& device, const Shape& shape, std::string name, std::span<const float> values);
    GuardedPacked(const GuardedPacked&) = delete;
    GuardedPacked& operator=(const GuardedPacked&) = delete;

    const Shape& shape() const { return shape_; }
    const std::string& name() const { return name_; }
    PackedView view() const { return {&buffer_, guard_bytes, shape_}; }

    /// The values [n,c,h,w]. Waits; see Buffer.
    std::vector<float> download() const { return view().download(); }
    /// How many words of the guards have changed, or how many values of channels beyond the last one are not
    /// finite, and where the first is; "" where none is.
    std::string damage() const;

  private:
    static constexpr std::uint64_t guard_bytes = 4 * range_alignment;

    /// Sets the values, and every value of channels beyond the last one to `beyond`.
    void fill(std::span<const float> values, float beyond) const;

    Shape shape_;
    std::string name_;
    std::uint32_t sentinel_;
    Buffer buffer_;
};

/// Adds the damage done to each of `tensors` to `report`.
void add_damage(Report& report, const std::string& kernel,
                std::initializer_list<const GuardedPacked*> tensors);

/// Fills a range with `unwritten`. Waits; see Buffer.
void fill_with_nan(const BufferRange& range);
/// The floats of a range. Waits; see Buffer.
std::vector<float> floats_of(const BufferRange& range);

}  // namespace shadenet::check
