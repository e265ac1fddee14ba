// Tensors on the device that detect writes around them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "check/compare.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/tensor.h"

namespace shadenet::check {

/// Images in a buffer, with a sentinel before, between and after them. The sentinel is a NaN, so that a
/// kernel that reads outside the images spoils its result. The images begin with NaN of another kind, so that
/// a value that a kernel does not write fails. All tensors of one shape have one image stride, as in the
/// engine.
class GuardedTensor {
  public:
    GuardedTensor(const Device& device, const Shape& shape, std::string name);
    /// With dense values [n,c,h,w].
    GuardedTensor(const Device& device, const Shape& shape, std::string name, std::span<const float> values);

    const Shape& shape() const { return shape_; }
    const std::string& name() const { return name_; }
    TensorView view() const { return {&buffer_, guard_bytes, shape_, image_stride_}; }
    /// The values of image 0, for tensors that are no batch of images.
    BufferRange first_image() const { return buffer_.range(guard_bytes, image_values() * sizeof(float)); }

    /// Sets the values, and leaves the guards.
    void upload(std::span<const float> values) const { view().upload(values); }
    /// The values, dense. Waits; see Buffer.
    std::vector<float> download() const { return view().download(); }
    /// How many words of the guards have changed, and where the first is; "" where none has.
    std::string damage() const;

  private:
    static constexpr std::uint64_t guard_bytes = 4 * range_alignment;
    std::size_t image_values() const { return shape_.c * shape_.plane(); }

    Shape shape_;
    std::string name_;
    std::uint32_t image_stride_, sentinel_;
    Buffer buffer_;
};

/// Fills the gradients of every trainable tensor, but not the gaps between them, with NaN.
void poison_gradients(const ParameterBuffers& buffers, const Parameters& parameters);

/// How many words of the gaps between gradients are not zero, and where the first is; "" where none is.
std::string gradient_damage(const ParameterBuffers& buffers, const Parameters& parameters);

/// Adds the damage done to each of `tensors` to `report`.
void add_damage(Report& report, const std::string& kernel,
                std::initializer_list<const GuardedTensor*> tensors);

}  // namespace shadenet::check
