#include <fmt/format.h>

#include "base/error.h"
#include "check/probe.h"
#include "engine/two_layer/fused.h"
#include "tune/tuner.h"

namespace shadenet {

namespace {

Measurement measure_fused(const Device& device, check::Probe& probe, const PlanMaker& make,
                          const FusedTiles& tiles) {
    const ParameterBuffers parameters(device, probe.parameters());
    const Buffer loss(device, sizeof(float), "loss of the probe");
    const std::unique_ptr<TrainingPlan> plan = make(parameters, probe.layout(), probe.pairs(), tiles);
    Recorder recorder(device);
    const Batch batch = probe.batch(recorder);
    const auto step = [&] { plan->step(recorder, batch, {.losses = loss.whole()}); };
    step();
    recorder.finish();
    Measurement measurement{{}, 0, probe.problem(parameters, loss)};
    if (measurement.problem.empty()) measurement.seconds = least_seconds(recorder, step);
    return measurement;
}

}  // namespace

FusedTiles tune_fused(const Device& device, const Network& network, const TileTable& table, Trials& trials,
                      const PlanMaker& make) {
    check::Probe probe(device, network, *match_fused(network).network);
    const PlanMaker fused = [&](const ParameterBuffers& parameters, const FusedLayout& layout,
                                std::uint32_t batch, const FusedTiles& tiles) {
        return std::make_unique<FusedPlan>(device, network, parameters, layout, batch, tiles);
    };
    const auto fastest = [&](const std::vector<FusedTiles>& choices) {
        const auto best = trials.fastest(
            choices, [](const FusedTiles& tiles) { return to_string(tiles); },
            [&](const FusedTiles& tiles) {
                return measure_fused(device, probe, make ? make : fused, tiles);
            });
        if (best) return *best;
        throw WorkError(
            fmt::format("{}: the fused plan does not compute rightly there ({}); use --plan stack, "
                        "and see what `shadenet doctor` finds",
                        device.info().name, trials.measured().front().problem));
    };
    std::vector<FusedTiles> choices;
    for (const FusedTile& forward : table.forward) choices.push_back({forward, table.backward.front()});
    const FusedTile forward = fastest(choices).forward;
    choices.clear();
    for (const FusedTile& backward : table.backward) choices.push_back({forward, backward});
    return fastest(choices);
}

}  // namespace shadenet
