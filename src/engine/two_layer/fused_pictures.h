// Pairs of pictures in the layout of the fused passes, and the statistics of their patches.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "data/examples.h"
#include "engine/learning/batch.h"
#include "engine/two_layer/batched_tensor.h"
#include "engine/two_layer/joined_patches.h"
#include "engine/two_layer/patch_moments.h"
#include "gpu/buffer.h"
#include "group/shares.h"

namespace shadenet {

/// Input and target of a pair, one after the other, with `kernel` − 1 pixels on every side so that no read
/// needs a check: those of a continued input, or zeros. Pictures of whole 255ths, as 8-bit files have, are
/// packed into one word a pixel; others take three floats a pixel.
struct FusedLayout {
    std::uint32_t width, height, kernel;
    bool packed;
    PicturePadding padding = PicturePadding::zero;

    bool operator==(const FusedLayout&) const = default;
    std::uint32_t pad() const { return kernel - 1; }
    std::uint32_t pitch() const { return width + 2 * pad(); }               ///< words of a padded row
    std::uint32_t plane() const { return (height + 2 * pad()) * pitch(); }  ///< words of a padded plane
    std::uint32_t planes() const { return packed ? 1 : 3; }                 ///< of a picture
    std::uint32_t target_offset() const { return planes() * plane(); }      ///< words
    /// Pairs as a tensor: the planes of the input, then those of the target.
    Shape pairs(std::uint32_t count) const {
        return {count, 2 * planes(), height + 2 * pad(), width + 2 * pad()};
    }
    std::uint64_t pair_bytes() const { return image_bytes(pairs(1)); }
    /// Words from one pair to the next.
    std::uint32_t pair_stride() const { return static_cast<std::uint32_t>(pair_bytes() / sizeof(float)); }
    /// Rows and columns of the hidden layer around the picture, on each side.
    std::uint32_t ring() const { return padding == PicturePadding::zero ? 0 : pad() / 2; }
    /// The factor from a stored number to a pixel's value.
    float pixel_scale() const { return packed ? 1.0f / 255.0f : 1.0f; }
};

/// The layout of pairs like these examples.
FusedLayout fused_layout(const Examples& examples, std::uint32_t kernel, PicturePadding padding);

/// Bytes of PatchStatistics: the mean, and the factor of the covariance.
std::uint64_t patch_statistics_bytes(std::uint32_t kernel);

/// Batches of pairs, each with the statistics of its inputs' patches. The moments of every input stay on the
/// host.
class FusedPictures : public BatchSource {
  public:
    /// Uploads the pairs of this rank's shares, for batches of up to `largest_batch` of them. Throws
    /// std::invalid_argument if the examples do not fit the layout.
    FusedPictures(const Device& device, const FusedLayout& layout, const Examples& examples,
                  std::uint32_t largest_batch, const Shares& shares = {});

    void set_batches(Batches batches, std::uint32_t = 0) override;
    void choose(Recorder& recorder, std::uint32_t step) override;
    Batch gather(Recorder& recorder) override;

  private:
    std::vector<PatchMoments> own_moments(std::uint32_t step) const;
    void store(std::uint32_t place, const std::vector<float>& input, const std::vector<float>& target) const;

    FusedLayout layout_;
    Shares shares_;
    std::vector<std::uint32_t> own_;  ///< the pairs of this rank's shares, as they lie on the device
    BatchedTensor pairs_;
    std::vector<PatchMoments> moments_;
    Buffer statistics_;  ///< of the chosen batch's patches
    Batches batches_;
    JoinedPatches joined_;
    std::vector<std::uint32_t> chosen_;
};

}  // namespace shadenet
