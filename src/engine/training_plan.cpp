#include "engine/training_plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/two_layer/fused.h"
#include "engine/stack/layerwise_training.h"

namespace shadenet {

Batches batches_of(const std::vector<std::uint32_t>& order, std::uint32_t batch) {
    Batches batches;
    for (std::size_t first = 0; first < order.size(); first += batch) {
        const std::size_t end = std::min<std::size_t>(order.size(), first + batch);
        batches.emplace_back(order.begin() + first, order.begin() + end);
    }
    return batches;
}

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

std::unique_ptr<TrainingPlan> make_training_plan(PlanKind kind, const Device& device,
                                                 const Network& architecture,
                                                 ParameterBuffers& parameters, const Tensor& input,
                                                 const Tensor& target, std::uint32_t batch,
                                                 const FusedTiles& tiles) {
    if (choose_plan(architecture, kind).kind == PlanKind::fused) {
        const std::uint32_t kernel = match_fused(architecture).network->conv1.kernel;
        return std::make_unique<FusedPlan>(device, architecture, parameters,
                                           std::make_shared<FusedPictures>(device, input, target, kernel),
                                           batch, tiles);
    }
    return std::make_unique<LayerwiseTraining>(device, architecture, parameters, input, target, batch);
}

}  // namespace shadenet
