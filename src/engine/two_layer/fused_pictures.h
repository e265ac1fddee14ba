// The pictures of a data set as the fused passes read them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/two_layer/patch_moments.h"
#include "engine/tensors/tensor.h"
#include "gpu/buffer.h"

namespace shadenet {

/// All values are whole 255ths, as those of 8-bit files.
bool all_whole_255ths(const Tensor& pictures);

/// Input and target of every pair, one after the other, with KERNEL − 1 zeros on every side so that no read
/// needs a check. Pictures whose values are all whole 255ths, as those of 8-bit files, take one word a pixel;
/// else three floats. Beside them, on the host, the moments of every input's patches.
class FusedPictures {
  public:
    /// `input` and `target` [n,3,h,w]; they are read back from the device, once.
    FusedPictures(const Device& device, const Tensor& input, const Tensor& target, std::uint32_t kernel);
    /// Room for `images` pictures laid out as those of `other`, to gather a batch in.
    FusedPictures(const Device& device, const FusedPictures& other, std::uint32_t images);

    /// What a pair takes; `packed`: of values that are all whole 255ths.
    static std::uint64_t pair_bytes(std::uint32_t width, std::uint32_t height, std::uint32_t kernel,
                                    bool packed);

    const Shape& shape() const { return shape_; }
    bool packed() const { return packed_; }
    /// What a pixel's stored value is to be multiplied with.
    float pixel_scale() const { return packed_ ? 1.0f / 255.0f : 1.0f; }
    std::uint32_t pitch() const { return pitch_; }                    ///< words of a padded row
    std::uint32_t plane() const { return plane_; }                    ///< words of a padded plane
    std::uint32_t picture_stride() const { return picture_stride_; }  ///< words of a pair
    std::uint32_t target_offset() const { return (packed_ ? 1 : 3) * plane_; }
    BufferRange pairs(std::uint32_t first, std::uint32_t count) const;

    /// Mean and covariance of the patches of these inputs together, as float64 finds them.
    PatchStatistics patch_statistics(std::span<const std::uint32_t> images) const;

  private:
    void store(std::uint32_t image, const std::vector<float>& input, const std::vector<float>& target);

    Shape shape_;
    std::uint32_t pad_, pitch_, plane_;
    bool packed_;
    std::uint32_t picture_stride_;
    Buffer buffer_;
    std::vector<PatchMoments> moments_;
};

}  // namespace shadenet
