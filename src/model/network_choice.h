// What the command line says of the network of a run.
#pragma once

#include <optional>

#include "model/network.h"
#include "model/presets.h"

namespace shadenet {

/// The flags that shape the preset `two-layer`, or another network, given as a whole.
struct NetworkChoice {
    NetworkOptions two_layer;
    std::optional<Network> given;  ///< of --network; empty for the preset

    /// The layers that are chosen. Throws InputError as two_layer_network() does.
    Network network() const { return given ? *given : two_layer_network(two_layer); }
    /// Of the network's input and output, without making its layers.
    const PixelRange& range() const { return given ? given->range : two_layer.range; }
    bool operator==(const NetworkChoice&) const = default;
};

}  // namespace shadenet
