// Examples on the device, all that a run has, and which of them are a batch.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/augmentation.h"
#include "engine/tensors/tensor.h"
#include "gpu/buffer.h"

namespace shadenet {

/// How an example is kept.
enum class ExampleValues {
    floats,
    levels,  ///< a byte a value, of values that are all whole 255ths of a range
};

class ExampleTensor;

/// Some examples of a tensor.
struct ExampleView {
    const ExampleTensor* all = nullptr;
    Shape shape{};  ///< with the examples of the batch
    /// A 32-bit word an example: its number among all. Without them the first ones, in order.
    BufferRange numbers{};
    /// A 32-bit word an example, see word_of(PictureMove), of pictures of so many rows and columns. Without
    /// them all stay as they are.
    BufferRange moves{};
    std::uint32_t rows = 0, columns = 0;
    /// Examples of the list, or of all, before the first one of these.
    std::uint32_t first = 0;

    /// `count` of them, after `before`.
    ExampleView part(std::uint32_t before, std::uint32_t count) const {
        ExampleView view = *this;
        view.first += before;
        view.shape.n = count;
        return view;
    }
};

/// As shaders/stack_pack_moved.comp reads it: from the lowest bit on 16 bits for the move to the right, 15
/// for that down, and one that is set where the picture is mirrored.
std::uint32_t word_of(const PictureMove& move);

/// Examples of one shape as shaders/stack_pack.comp reads them: the planes of an example one after the other,
/// each in whole quads of 16 bytes. The values of an example of one pixel are one plane.
class ExampleTensor {
  public:
    /// Room for all.n examples. `range`: what level 0 and level 255 stand for, where levels are kept. Throws
    /// InputError as buffers do, and when an example is more than 2³⁰ values.
    ExampleTensor(const Device& device, const Shape& all, ExampleValues kept, const std::string& name,
                  const PixelRange& range = {});
    /// Bytes of such a tensor.
    static std::uint64_t bytes(const Shape& all, ExampleValues kept);

    const Shape& shape() const { return shape_; }
    ExampleValues kept() const { return kept_; }
    const PixelRange& level_range() const { return range_; }
    std::uint32_t quads_of_plane() const;
    std::uint32_t quads_of_example() const;

    /// Sets the values [c,h,w] of one or more examples, of which `first` is the first. Waits; see Buffer.
    /// Throws std::invalid_argument when they are no whole examples, or more than there is room for.
    void upload(std::span<const float> values, std::uint32_t first = 0) const;
    /// The same of values that are given as 255ths, to a tensor that keeps such.
    void upload_levels(std::span<const std::uint8_t> levels, std::uint32_t first = 0) const;

    /// The first `count` examples, or all.
    ExampleView view(std::uint32_t count) const { return {this, with_images(shape_, count)}; }
    ExampleView view() const { return view(shape_.n); }
    /// `count` examples whose numbers will lie in `numbers` when they are read.
    ExampleView chosen(std::uint32_t count, const BufferRange& numbers) const {
        return {this, with_images(shape_, count), numbers};
    }

    /// All examples, cut into runs that the device can bind. Throws InputError when one example is too large.
    std::vector<ImageChunk> bindable_runs(const Device& device) const;
    /// Of such a run.
    BufferRange range(const ImageChunk& run) const;

  private:
    template <class Value, class CopyPlane>
    void upload_planes(std::span<const Value> values, std::uint32_t first, const CopyPlane& copy) const;

    Shape shape_;
    ExampleValues kept_;
    PixelRange range_;
    Buffer buffer_;
};

}  // namespace shadenet
