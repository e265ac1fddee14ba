// The networks that the fused plan takes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/tensors/activation_constant.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/two_layer/fused_tile.h"
#include "fused_push.h"
#include "model/two_layer.h"

namespace shadenet {

/// KIND of shaders/include/activation.glsl.
inline std::uint32_t activation_kind(const std::optional<Activation>& activation) {
    return activation ? activation_constant(activation->kind) : identity_activation;
}

/// A two-layer network without a norm after the activation, with both other norms or none, and with kernels
/// of 3 or 5.
struct FusedNetwork : TwoLayerForm {
    std::uint32_t kind() const { return activation_kind(activation); }
    std::uint32_t patch() const { return 3 * conv1.kernel * conv1.kernel; }
    /// Whether the backward pass may correlate x with dy instead of going through the hidden channels:
    /// without an activation, and with less work from 7 channels on. (A kernel of 5 would need too many
    /// registers.)
    bool can_correlate() const { return !activation && conv1.kernel == 3 && 4 * hidden() > patch(); }
};

struct FusedMatch {
    std::optional<FusedNetwork> network;
    std::string reason;  ///< if there is none: why, in words that follow "the fused plan "
};

/// Takes 4 to 64 hidden channels: fewer are not worth it, and more run too long in one thread.
FusedMatch match_fused(const Network& network);

/// Whether the backward pass correlates with these tiles.
bool correlates(const FusedNetwork& network, const FusedTiles& tiles);
/// The tile of the backward pass, with the strip for correlating if it correlates.
FusedTile backward_tile(const FusedNetwork& network, const FusedTiles& tiles);

/// The places of the network's tensors in `parameters`, and its epsilons; the caller sets the rest.
push::FusedNetworkPush fused_network_push(const FusedNetwork& network, const ParameterBuffers& parameters);

}  // namespace shadenet
