// Feature maps on the device.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gpu/buffer.h"
#include "model/network.h"

namespace shadenet {

/// Pieces of `piece` that `count` needs, the last one maybe not full.
constexpr auto pieces_of(auto count, std::uint32_t piece) {
    return count / piece + (count % piece != 0);
}

/// Bytes of one image of a tensor, padded so that the next image can begin a binding.
std::uint64_t image_bytes(const Shape& shape);

/// The shape with another number of images.
inline Shape with_images(const Shape& shape, std::uint32_t images) {
    return {images, shape.c, shape.h, shape.w};
}

/// Some images of a tensor, as layers take them. Values of image n, channel c, row y, column x lie at
/// n·image_stride + (c·h + y)·w + x floats. The stride is padded so that every image can begin a binding, and
/// depends on the shape alone: kernels take one stride for all tensors of one shape.
struct TensorView {
    const Buffer* buffer = nullptr;
    std::uint64_t offset = 0;  ///< bytes
    Shape shape;
    std::uint32_t image_stride = 0;  ///< floats

    TensorView images(std::uint32_t first, std::uint32_t count) const;
    BufferRange range() const;
    /// Dense values [n,c,h,w], for the first images where there are fewer. Both wait; see Buffer.
    void upload(std::span<const float> values) const;
    std::vector<float> download() const;
};

/// Images one after the other in a buffer of their own.
class Tensor {
  public:
    Tensor(const Device& device, const Shape& shape, const std::string& name);
    const Shape& shape() const { return shape_; }
    /// The first `count` images, or all.
    TensorView view() const { return view(shape_.n); }
    TensorView view(std::uint32_t count) const;

    /// As TensorView does; `first`: the first image that is written.
    void upload(std::span<const float> values, std::uint32_t first = 0) const {
        view().images(first, shape_.n - first).upload(values);
    }
    std::vector<float> download() const { return view().download(); }

  private:
    Shape shape_;
    std::uint32_t image_stride_;
    Buffer buffer_;
};

/// A run of images that one call handles.
struct ImageChunk {
    std::uint32_t first, count;
};

/// Cuts `images` so that no binding of a tensor with `widest_stride` floats an image exceeds what the device
/// binds, no call works on more than 16 Mi values, and no call needs more workgroups along z than the device
/// runs, with `groups_per_image` for each image. Throws InputError when a single image is too large.
std::vector<ImageChunk> image_chunks(const Device& device, std::uint32_t images, std::uint64_t widest_stride,
                                     std::uint64_t groups_per_image = 1);
/// "16 channels of 32x24 pixels".
std::string map_text(const Shape& shape);
/// Throws InputError if the device does not bind so many bytes at once. `what`: what they are, in the plural;
/// `of_batch`: they are of all images of a batch, and fewer of a smaller one.
void require_bindable(const Device& device, const std::string& what, std::uint64_t bytes,
                      bool of_batch = false);
/// Throws InputError if a feature map of one picture with the shape `picture` is more than the device binds.
/// For checks before any memory is taken.
void require_bindable(const Device& device, const Network& network, const Shape& picture);

}  // namespace shadenet
