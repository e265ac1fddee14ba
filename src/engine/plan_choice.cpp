#include "engine/plan_choice.h"

#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/stack/layerwise.h"
#include "engine/stack/tensor_batches.h"
#include "engine/two_layer/fused.h"

namespace shadenet {

namespace {

/// Training steps through the layerwise plan.
class LayerwiseTraining : public TrainingPlan {
  public:
    /// For batches up to `largest_input`.n.
    LayerwiseTraining(const Device& device, const Network& network, ParameterBuffers& parameters,
                      const Shape& largest_input, const LossKind& loss)
        : device_(device),
          largest_batch_(largest_input.n),
          plan_(device, network, parameters, largest_input, Purpose::training, loss) {}

    std::unique_ptr<BatchSource> make_source(const Examples& examples) override {
        return std::make_unique<TensorBatches>(device_, examples, largest_batch_);
    }
    void step(Recorder& recorder, const Batch& batch, BufferRange losses, std::uint32_t row) override {
        plan_.forward(recorder, batch.input, mode_);
        plan_.loss(recorder, batch.target, losses, row);
        plan_.backward(recorder, batch.target);
    }
    void set_decays(std::span<const float> decays) override { plan_.set_decays(decays); }
    void freeze_norms(bool frozen) override { mode_ = frozen ? Mode::frozen : Mode::training; }

  private:
    const Device& device_;
    std::uint32_t largest_batch_;
    LayerwisePlan plan_;
    Mode mode_ = Mode::training;
};

}  // namespace

PlanChoice choose_plan(const Network& network, PlanKind wanted) {
    if (wanted == PlanKind::layerwise) return {wanted, "asked for"};
    const FusedMatch match = match_fused(network);
    if (match.network) {
        return {PlanKind::fused,
                wanted == PlanKind::fused ? "asked for" : "the network has the form it takes"};
    }
    if (wanted == PlanKind::fused) {
        throw InputError(fmt::format("the fused plan {}; use --plan layerwise or auto", match.reason));
    }
    return {PlanKind::layerwise, "the fused plan " + match.reason};
}

std::unique_ptr<TrainingPlan> make_training_plan(PlanKind kind, const Device& device, const Network& network,
                                                 ParameterBuffers& parameters, const Examples& examples,
                                                 std::uint32_t batch, const FusedTiles& tiles,
                                                 const LossKind& loss) {
    if (choose_plan(network, kind).kind == PlanKind::fused) {
        if (loss.make != mean_squared_error.make) {
            throw std::invalid_argument("the fused plan has no other loss than the mean squared error");
        }
        const std::uint32_t kernel = match_fused(network).network->conv1.kernel;
        return std::make_unique<FusedPlan>(device, network, parameters, fused_layout(examples, kernel), batch,
                                           tiles);
    }
    return std::make_unique<LayerwiseTraining>(device, network, parameters,
                                               with_images(examples.input_shape(), batch), loss);
}

}  // namespace shadenet
