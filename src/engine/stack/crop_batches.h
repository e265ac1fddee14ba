// Batches of crops as the stack plan reads them.
#pragma once

#include <cstdint>
#include <utility>

#include "engine/learning/batch.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/crop_cutter.h"
#include "engine/tensors/example_tensor.h"

namespace shadenet {

class CropBatches : public BatchSource {
  public:
    /// For batches of a plan that is compared with targets of the crops' size. The crops must outlive it;
    /// `room`: see CropCutter. Throws std::invalid_argument for another plan.
    CropBatches(const Device& device, const PictureCrops& crops, const StackPlan& plan,
                const PictureRoom& room);

    void set_batches(Batches batches, std::uint32_t epoch = 0) override {
        batches_ = std::move(batches);
        epoch_ = epoch;
    }
    void choose(Recorder& recorder, std::uint32_t step) override;
    Batch gather(Recorder& recorder) override;

  private:
    const PictureCrops& crops_;
    ExampleTensor inputs_, targets_;  ///< the inputs with the plan's margin
    CropCutter cutter_;
    Batches batches_;
    std::uint32_t epoch_ = 0, count_ = 0;
};

}  // namespace shadenet
