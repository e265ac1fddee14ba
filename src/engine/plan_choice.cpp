#include "engine/plan_choice.h"

#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/stack/crop_batches.h"
#include "engine/stack/stack_plan.h"
#include "engine/stack/tensor_batches.h"
#include "engine/two_layer/fused.h"

namespace shadenet {

namespace {

/// Training steps through the stack plan.
class StackTraining : public TrainingPlan {
  public:
    /// For batches up to `largest_input`.n of each share.
    StackTraining(const Device& device, const Network& network, ParameterBuffers& parameters,
                  const Shape& largest_input, const StackTiles& tiles, const LossKind& loss,
                  std::uint64_t seed, std::uint64_t most_bytes, const Shares& shares)
        : device_(device),
          seed_(seed),
          plan_(device, network, parameters, largest_input, Purpose::training,
                {.loss = &loss, .tiles = tiles, .most_bytes = most_bytes, .shares = shares}) {}

    std::unique_ptr<BatchSource> make_source(const Examples& examples) override {
        if (const PictureCrops* crops = examples.crops())
            return std::make_unique<CropBatches>(device_, *crops, plan_, PictureRoom(device_.info()));
        return std::make_unique<TensorBatches>(device_, examples, plan_, examples.augmentation());
    }
    void begin_step(Recorder& recorder, std::uint64_t number, const BatchShares& shares) override {
        plan_.begin_step(recorder, {.seed = seed_, .step = number}, shares);
    }
    void share_step(Recorder& recorder, const Batch& batch, const BatchShares& shares,
                    const StepRecord& record) override {
        plan_.step(recorder, batch.input, {batch.target, batch.labels}, mode_,
                   {.losses = record.losses, .row = record.row, .correct = record.correct}, shares);
    }
    void update(Recorder& recorder, const OptimizerKernels& optimizer) const override {
        plan_.update(recorder, optimizer);
    }
    void add_gradients(Recorder& recorder, const OptimizerKernels& optimizer) const override {
        plan_.add_gradients(recorder, optimizer);
    }
    void set_decays(Recorder& recorder, std::span<const float> decays) override {
        plan_.set_decays(recorder, decays);
    }
    void freeze_norms(bool frozen) override { mode_ = frozen ? Mode::frozen : Mode::training; }
    FeatureMapMemory feature_maps() const override { return plan_.feature_maps(); }

  private:
    const Device& device_;
    std::uint64_t seed_;
    StackPlan plan_;
    Mode mode_ = Mode::training;
};

}  // namespace

PlanChoice choose_plan(const Network& network, PlanKind wanted) {
    if (wanted == PlanKind::stack || wanted == PlanKind::layerwise) return {PlanKind::stack, "asked for"};
    const FusedMatch match = match_fused(network);
    if (match.network) {
        return {PlanKind::fused,
                wanted == PlanKind::fused ? "asked for" : "the network has the form it takes"};
    }
    if (wanted == PlanKind::fused) {
        throw InputError(fmt::format("the fused plan {}; use --plan stack or auto", match.reason));
    }
    return {PlanKind::stack, "the fused plan " + match.reason};
}

std::unique_ptr<TrainingPlan> make_training_plan(PlanKind kind, const Device& device, const Network& network,
                                                 ParameterBuffers& parameters, const Examples& examples,
                                                 std::uint32_t batch, const PlanTiles& tiles,
                                                 const LossKind& loss, std::uint64_t seed,
                                                 std::uint64_t most_bytes, const Shares& shares) {
    if (choose_plan(network, kind).kind == PlanKind::fused) {
        if (loss.make != mean_squared_error.make) {
            throw std::invalid_argument("the fused plan has no other loss than the mean squared error");
        }
        const std::uint32_t kernel = match_fused(network).network->conv1.kernel;
        return std::make_unique<FusedPlan>(device, network, parameters,
                                           fused_layout(examples, kernel, network.padding),
                                           shares.own() * batch, tiles.fused, std::nullopt, shares);
    }
    return std::make_unique<StackTraining>(device, network, parameters,
                                           with_images(examples.input_shape(), batch), tiles.stack, loss,
                                           seed, most_bytes, shares);
}

WeightLayout weight_layout(const Network& network, PlanKind kind) {
    return choose_plan(network, kind).kind == PlanKind::stack ? WeightLayout::blocks : WeightLayout::dense;
}

}  // namespace shadenet
