// Training steps through the layerwise plan.
#pragma once

#include <span>

#include "engine/learning/training_plan.h"
#include "engine/stack/layerwise.h"

namespace shadenet {

class LayerwiseTraining : public TrainingPlan {
  public:
    /// For batches up to `largest_input`.n.
    LayerwiseTraining(const Device& device, const Network& network, ParameterBuffers& parameters,
                      const Shape& largest_input, const LossKind& loss);

    std::unique_ptr<BatchSource> make_source(const Examples& examples) override;
    void step(Recorder& recorder, const Batch& batch, BufferRange losses, std::uint32_t row) override;
    void set_decays(std::span<const float> decays) override { plan_.set_decays(decays); }
    void freeze_norms(bool frozen) override { mode_ = frozen ? Mode::frozen : Mode::training; }

  private:
    const Device& device_;
    std::uint32_t largest_batch_;
    LayerwisePlan plan_;
    Mode mode_ = Mode::training;
};

}  // namespace shadenet
