#include "engine/stack/crop_batches.h"

#include <stdexcept>
#include <vector>

namespace shadenet {

namespace {

/// The shape of a batch's inputs, if a batch of crops is what the plan compares.
Shape crop_inputs(const PictureCrops& crops, const StackPlan& plan) {
    const std::uint32_t batch = plan.input_shape().n;
    if (plan.input_shape() != with_images(crops.input_shape(), batch) ||
        plan.target_shape() != with_images(crops.target_shape(), batch)) {
        throw std::invalid_argument("crops of another shape than the plan's");
    }
    const std::uint32_t wide = crops.side() + 2 * plan.margin();
    return {batch, 3, wide, wide};
}

CropImages crop_images_of(const Device& device, const ExampleTensor& images, std::uint32_t margin,
                          PicturePadding padding) {
    constexpr std::uint32_t words_of_quad = 4;
    // The colours of one pixel lie side by side.
    const bool one_pixel = images.shape().plane() == 1;
    CropImages result{.parts = {},
                      .stride = images.quads_of_example() * words_of_quad,
                      .first = 0,
                      .plane = one_pixel ? 1 : images.quads_of_plane() * words_of_quad,
                      .margin = margin,
                      .padding = padding,
                      .packed = false};
    for (const ImageChunk& run : images.bindable_runs(device))
        result.parts.push_back({run, images.range(run)});
    return result;
}

}  // namespace

CropBatches::CropBatches(const Device& device, const PictureCrops& crops, const StackPlan& plan,
                         const PictureRoom& room)
    : crops_(crops),
      inputs_(device, crop_inputs(crops, plan), ExampleValues::floats, "inputs"),
      targets_(device, with_images(crops.target_shape(), plan.input_shape().n), ExampleValues::floats,
               "targets"),
      cutter_(device, crops, crop_images_of(device, inputs_, plan.margin(), plan.padding()),
              crop_images_of(device, targets_, 0, PicturePadding::zero), room, plan.shares()) {}

void CropBatches::choose(Recorder& recorder, std::uint32_t step) {
    std::vector<Crop> chosen;
    for (const std::uint32_t example : batches_[step]) chosen.push_back(crops_.crop(epoch_, example));
    count_ = static_cast<std::uint32_t>(chosen.size());
    cutter_.choose(recorder, chosen);
}

Batch CropBatches::gather(Recorder& recorder) {
    cutter_.cut(recorder);
    return {.input = inputs_.view(count_), .target = targets_.view(count_)};
}

}  // namespace shadenet
