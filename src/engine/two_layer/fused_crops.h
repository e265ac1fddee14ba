// Batches of crops in the layout of the fused passes, and the statistics of their patches.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "engine/learning/batch.h"
#include "engine/tensors/crop_cutter.h"
#include "engine/two_layer/crop_statistics.h"
#include "engine/two_layer/fused_pictures.h"
#include "group/shares.h"

namespace shadenet {

class FusedCrops : public BatchSource {
  public:
    /// For batches of up to `largest_batch` crops, which must outlive it; `room`: see CropCutter.
    /// Throws std::invalid_argument if the crops do not fit the layout.
    FusedCrops(const Device& device, const FusedLayout& layout, const PictureCrops& crops,
               std::uint32_t largest_batch, const PictureRoom& room, const Shares& shares = {});

    void set_batches(Batches batches, std::uint32_t epoch = 0) override;
    void choose(Recorder& recorder, std::uint32_t step) override;
    Batch gather(Recorder& recorder) override;

  private:
    const PictureCrops& crops_;
    Tensor pairs_;
    CropCutter cutter_;
    CropStatistics statistics_;
    Buffer statistics_on_device_;  ///< of the chosen batch's patches
    Batches batches_;
    std::uint32_t epoch_ = 0, count_ = 0;
};

}  // namespace shadenet
