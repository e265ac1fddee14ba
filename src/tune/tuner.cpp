#include "tune/tuner.h"

#include <utility>

#include <fmt/format.h>

#include "engine/two_layer/fused_network.h"
#include "tune/tile_store.h"

namespace shadenet {

namespace {

constexpr double fused_seconds = 3, stack_seconds = 5;

Tuning chosen(PlanTiles tiles, const Trials& trials) {
    const bool now = !trials.measured().empty();
    return {
        {std::move(tiles), now ? fmt::format("measured now, {:.1f} s", trials.seconds()) : "measured before"},
        trials.measured()};
}

Tuning fused_tiles_for(const Device& device, const Network& network, const TrialsWatch& watch) {
    const FusedNetwork fused = *match_fused(network).network;
    const TileTable table = tile_table(device.info().kind, fused.conv1.kernel);
    const TileStore store(
        device, {"fused_forward", "fused_backward"},
        fmt::format("kernel {}, {} hidden channels, activation {}{}", fused.conv1.kernel, fused.hidden(),
                    fused.kind(), continues_pictures(network) ? ", pictures continued" : ""));
    Trials trials(fused_seconds, watch);
    if (const auto kept = store.read()) {
        if (const auto tiles = find_tiles(table, *kept)) return chosen(*tiles, trials);
    }
    const FusedTiles tiles = tune_fused(device, network, table, trials);
    store.write(to_string(tiles));
    return chosen(tiles, trials);
}

}  // namespace

Tuning tiles_for(const Device& device, const Network& network, PlanKind plan, const Shape& batch,
                 bool measure, const TrialsWatch& watch) {
    if (!measure) return {{default_plan_tiles(device, network, plan, batch), "defaults"}};
    if (plan == PlanKind::fused) return fused_tiles_for(device, network, watch);
    Trials trials(stack_seconds, watch);
    const StackTiles tiles = tune_stack(device, network, batch, trials);
    return chosen(tiles, trials);
}

}  // namespace shadenet
