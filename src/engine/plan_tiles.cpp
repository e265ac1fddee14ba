#include "engine/plan_tiles.h"

#include "engine/stack/layer_classes.h"
#include "engine/two_layer/tile_table.h"

namespace shadenet {

PlanTiles default_plan_tiles(const Device& device, const Network& network, PlanKind plan,
                             const Shape& batch) {
    const DeviceKind kind = device.info().kind;
    if (plan == PlanKind::fused) return default_tiles(kind, first_kernel(network));
    StackTiles tiles;
    for (const LayerClass& layer : classes_of(unit_layers(device, network, batch))) {
        tiles[layer] = default_layer_tiles(kind, layer);
    }
    return tiles;
}

std::optional<PlanTiles> find_plan_tiles(const Device& device, const Network& network, PlanKind plan,
                                         const Shape& batch, const std::string& text) {
    const DeviceKind kind = device.info().kind;
    if (text.empty()) return std::nullopt;
    if (plan == PlanKind::fused) return find_tiles(tile_table(kind, first_kernel(network)), text);
    return find_tiles(kind, classes_of(unit_layers(device, network, batch)), text);
}

std::string to_string(const PlanTiles& tiles, PlanKind plan) {
    return plan == PlanKind::fused ? to_string(tiles.fused) : to_string(tiles.stack);
}

}  // namespace shadenet
