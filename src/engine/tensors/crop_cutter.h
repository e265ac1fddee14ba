// The crops of a batch: cut on the device from pictures that lie there, or else on the host.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "cut_crops_push.h"
#include "data/picture_crops.h"
#include "engine/tensors/device_pictures.h"
#include "engine/tensors/quad_kernel.h"
#include "engine/tensors/tensor.h"
#include "gpu/recorder.h"
#include "group/shares.h"

namespace shadenet {

/// Where the crops of a batch go, inputs or targets, one image after the other.
struct CropImages {
    /// The images in parts that the device binds.
    std::vector<std::pair<ImageChunk, BufferRange>> parts;
    std::uint32_t stride;  ///< words from an image to the next
    std::uint32_t first;   ///< words before the first pixel of an image
    std::uint32_t plane;   ///< words from a colour to the next
    std::uint32_t margin;  ///< pixels around the crop on each side
    /// What PictureCrops::input() puts into the margin.
    PicturePadding padding;
    bool packed;  ///< a word a pixel, red in its lowest byte; else a float a value
};

class CropCutter {
  public:
    /// For batches of as many crops as `inputs` and `targets` have images, those of this rank's `shares`.
    /// Where whole pictures do not fit the room, each batch is cut on the host and sent. The crops must
    /// outlive the cutter. Throws InputError as buffers do.
    CropCutter(const Device& device, const PictureCrops& crops, CropImages inputs, CropImages targets,
               const PictureRoom& room, const Shares& shares = {});

    /// These are the next batch.
    void choose(Recorder& recorder, std::span<const Crop> crops);
    /// Writes the chosen crops to their images. The calls are the same for any batch of as many crops.
    void cut(Recorder& recorder) const;

    /// The pictures lie on the device.
    bool on_device() const { return device_side_.has_value(); }

  private:
    /// Inputs or targets.
    struct Side {
        Side(const Device& device, const PictureCrops& crops, std::span<const std::uint32_t> pairs,
             DevicePictures::Side side, const CropImages& images, std::uint32_t largest_batch,
             const PictureRoom& room);

        DevicePictures pictures;
        Buffer from;  ///< push::CropFrom of each image
        QuadKernel<push::CutCropsPush> kernel;
    };
    struct DeviceSide {
        Side inputs, targets;
    };
    /// A batch on its way to the device.
    struct Sent {
        Buffer buffer;
        std::uint64_t ticket = 0;  ///< after it the buffer is free
    };

    void write_places(Recorder& recorder, std::span<const Crop> crops, const Side& side) const;
    void cut(Recorder& recorder, const Side& side, const CropImages& images) const;
    void send(Recorder& recorder, std::span<const Crop> crops);
    std::uint64_t image_words(const CropImages& images) const;

    const PictureCrops& crops_;
    CropImages inputs_, targets_;
    std::uint32_t per_thread_;
    std::optional<DeviceSide> device_side_;
    std::vector<Sent> sent_;  ///< used in turn; none where the pictures are on the device
    std::size_t next_ = 0;
    std::uint32_t count_ = 0;  ///< of the chosen crops
};

/// The words of a picture's values [3,h,w], packed or not as CropImages has them.
void pack_pixels(std::span<const float> values, bool packed, std::uint32_t plane,
                 std::span<std::uint32_t> words);

}  // namespace shadenet
