// The tiles of the plan that trains a network, whichever it is.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "engine/stack/stack_tiles.h"
#include "engine/two_layer/fused_tile.h"
#include "gpu/device.h"
#include "model/network.h"
#include "model/plan_kind.h"

namespace shadenet {

/// Of both plans; the one that is not used has any.
struct PlanTiles {
    FusedTiles fused{};
    StackTiles stack{};

    PlanTiles() = default;
    PlanTiles(const FusedTiles& tiles) : fused(tiles) {}
    PlanTiles(StackTiles tiles) : stack(std::move(tiles)) {}
    bool operator==(const PlanTiles&) const = default;
};

/// Tiles, and their source: "defaults", "measured now, 2.1 s", "measured before".
struct ChosenTiles {
    PlanTiles tiles;
    std::string source;
};

/// Without measuring. `plan`: fused or stack; `batch`: the inputs of the largest training step.
PlanTiles default_plan_tiles(const Device& device, const Network& network, PlanKind plan, const Shape& batch);

/// The tiles that config.json keeps as such a text, if the device may be given them for this network.
std::optional<PlanTiles> find_plan_tiles(const Device& device, const Network& network, PlanKind plan,
                                         const Shape& batch, const std::string& text);
std::string to_string(const PlanTiles& tiles, PlanKind plan);

}  // namespace shadenet
