#include "engine/plan_choice.h"

#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/stack/layerwise_training.h"
#include "engine/two_layer/fused.h"

namespace shadenet {

PlanChoice choose_plan(const Network& architecture, PlanKind wanted) {
    if (wanted == PlanKind::layerwise) return {wanted, "asked for"};
    const FusedMatch match = match_fused(architecture);
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
