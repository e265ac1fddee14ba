// What the command line says of the network of a run.
#pragma once

#include <optional>
#include <string>

#include "model/presets.h"

namespace shadenet {

/// The flags that shape the presets, and which network is to have that shape, or another that is given whole.
struct NetworkChoice {
    NetworkOptions two_layer;
    std::optional<Network> given;  ///< empty for the preset two-layer
    std::string asked{};           ///< of --network, until look_up() has found it
    bool fits_data = false;        ///< a preset by its name, which takes the form of labelled pictures

    /// Finds the network that `asked` names, shaped by the flags where it is a preset that they shape, and
    /// forgets what was asked. Throws InputError as named_network() does.
    void look_up();
    /// Takes this network, by the options that make it where there are such.
    void take(Network network);
    /// Where it fits_data: gives the network the form of such examples. Throws InputError as fitted_to()
    /// does.
    void fit(const Shape& example, std::uint32_t classes);
    /// The layers that are chosen, by what look_up() has found so far. Throws InputError as
    /// two_layer_network() does.
    Network network() const { return given ? *given : two_layer_network(two_layer); }
    /// Of the network's input and output, without making its layers.
    const PixelRange& range() const { return given ? given->range : two_layer.range; }
    bool operator==(const NetworkChoice&) const = default;
};

/// Throws InputError "--hidden ..." and so on for a shape that no preset has, as validate() of it does.
void require_shape(const NetworkOptions& shape);
/// Throws InputError "--network ..." for a network that makes no picture of 3 channels and the same size of
/// every picture.
void require_filter(const Network& network);

}  // namespace shadenet
