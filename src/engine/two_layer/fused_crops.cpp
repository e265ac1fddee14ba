#include "engine/two_layer/fused_crops.h"

#include <algorithm>
#include <span>
#include <stdexcept>

namespace shadenet {

namespace {

/// All images of a batch, as the device binds them, with the layout of one of its two pictures.
CropImages crop_images(const Device& device, const FusedLayout& layout, const Tensor& pairs,
                       std::uint32_t first, PicturePadding padding) {
    CropImages images{.parts = {},
                      .stride = layout.pair_stride(),
                      .first = first,
                      .plane = layout.plane(),
                      .margin = layout.pad(),
                      .padding = padding,
                      .packed = layout.packed};
    const std::uint64_t most =
        std::max<std::uint64_t>(device.info().max_storage_range / layout.pair_bytes(), 1);
    const std::uint32_t all = pairs.shape().n;
    for (std::uint32_t image = 0; image < all; image += images.parts.back().first.count) {
        const auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(most, all - image));
        images.parts.push_back({{image, count}, pairs.view().images(image, count).range()});
    }
    return images;
}

}  // namespace

FusedCrops::FusedCrops(const Device& device, const FusedLayout& layout, const PictureCrops& crops,
                       std::uint32_t largest_batch, const PictureRoom& room, const Shares& shares)
    : crops_(crops),
      pairs_(device, layout.pairs(largest_batch), "crops of the fused plan"),
      cutter_(device, crops, crop_images(device, layout, pairs_, 0, layout.padding),
              crop_images(device, layout, pairs_, layout.target_offset(), PicturePadding::zero), room,
              shares),
      statistics_(crops, layout.kernel, layout.padding, shares),
      statistics_on_device_(device, patch_statistics_bytes(layout.kernel), "patch statistics") {
    if (fused_layout(crops, layout.kernel, layout.padding) != layout)
        throw std::invalid_argument("the fused plan is made for other examples");
}

void FusedCrops::set_batches(Batches batches, std::uint32_t epoch) {
    epoch_ = epoch;
    batches_ = batches;
    statistics_.set_batches(std::move(batches), epoch);
}

void FusedCrops::choose(Recorder& recorder, std::uint32_t step) {
    std::vector<Crop> chosen;
    for (const std::uint32_t example : batches_[step]) chosen.push_back(crops_.crop(epoch_, example));
    count_ = static_cast<std::uint32_t>(chosen.size());
    cutter_.choose(recorder, chosen);
    const std::vector<float> values = statistics_.take(step);
    recorder.write(statistics_on_device_.whole(), std::as_bytes(std::span(values)));
}

Batch FusedCrops::gather(Recorder& recorder) {
    cutter_.cut(recorder);
    return {.pairs = pairs_.view(count_), .statistics = statistics_on_device_.whole()};
}

}  // namespace shadenet
