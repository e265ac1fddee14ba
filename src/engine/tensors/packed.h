// Feature maps as the stack plan keeps them: four channels of a pixel side by side.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/tensors/tensor.h"
#include "gpu/buffer.h"
#include "gpu/reflection.h"

namespace shadenet {

/// Blocks of four channels that hold `channels`.
constexpr std::uint32_t blocks_of(std::uint32_t channels) {
    return pieces_of(channels, 4u);
}

/// Some images in blocks of four channels, [n][⌈c/4⌉][h][w] of vec4; the channels of the last block beyond c
/// hold finite numbers that mean nothing. Every image can begin a binding. Images of one pixel lie side by
/// side instead, [⌈c/4⌉][n], as if they were one image of one row: a dense layer then is a 1x1 convolution.
/// Strides count vec4s.
struct PackedView {
    const Buffer* buffer = nullptr;
    std::uint64_t offset = 0;  ///< bytes
    Shape shape;

    std::uint32_t blocks() const { return blocks_of(shape.c); }
    bool side_by_side() const { return shape.h == 1 && shape.w == 1; }
    std::uint32_t image_stride() const;
    std::uint32_t block_stride() const;
    /// Images and pixels as passes over single values see them: all images of one pixel are one.
    std::uint32_t image_count() const { return side_by_side() ? 1 : shape.n; }
    std::uint32_t pixels() const { return side_by_side() ? shape.n : shape.h * shape.w; }

    BufferRange range() const;
    /// Images first .. first + count − 1. Throws std::invalid_argument for a part of images side by side.
    PackedView images(std::uint32_t first, std::uint32_t count) const;
    /// Values [n,c,h,w] from and to the host, channels beyond c as 0. Both wait; see Buffer.
    void upload(std::span<const float> values) const;
    std::vector<float> download() const;
};

/// Bytes of packed images of this shape.
std::uint64_t packed_bytes(const Shape& shape);

/// Throws InputError when an image is more than the 2³⁰ values that shaders can count; `name` begins the
/// text.
void require_countable(const Shape& shape, const std::string& name);

/// Memory for packed images. A smaller batch uses its beginning.
class PackedTensor {
  public:
    /// Throws InputError as buffers do, and when an image is more than 2³⁰ values.
    PackedTensor(const Device& device, const Shape& shape, const std::string& name);

    const Shape& shape() const { return shape_; }
    PackedView view() const { return view(shape_.n); }
    PackedView view(std::uint32_t images) const { return {&buffer_, 0, with_images(shape_, images)}; }

  private:
    Shape shape_;
    Buffer buffer_;
};

/// Cuts the images so that neither tensor exceeds what the device binds, and no call takes more than
/// `most_per_call` if an image takes `work`. Images side by side stay together. Throws InputError when one
/// image is too large to bind.
std::vector<ImageChunk> packed_chunks(const Device& device, const PackedView& a, const PackedView& b,
                                      std::uint64_t work, std::uint64_t most_per_call);

}  // namespace shadenet
