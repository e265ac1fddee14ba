// Training steps through the layerwise plan.
#pragma once

#include <optional>
#include <span>

#include "engine/stack/layerwise.h"
#include "engine/training_plan.h"

namespace shadenet {

class LayerwiseTraining : public TrainingPlan {
  public:
    LayerwiseTraining(const Device& device, const Network& network, ParameterBuffers& parameters,
                      const Tensor& input, const Tensor& target, std::uint32_t batch);

    void set_batches(Recorder& recorder, Batches batches) override;
    void step(Recorder& recorder, std::uint32_t step, BufferRange loss) override;
    void set_decays(std::span<const float> decays) override { plan_.set_decays(decays); }
    void freeze_norms(bool frozen) override { mode_ = frozen ? Mode::frozen : Mode::training; }

  private:
    const Tensor &input_, &target_;
    LayerwisePlan plan_;
    Batches batches_;
    Mode mode_ = Mode::training;
    std::optional<Tensor> batch_input_, batch_target_;  ///< none where the data set itself is the batch
};

}  // namespace shadenet
