// Which networks the fused plan covers, and what it needs to know of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/tensors/parameter_buffers.h"
#include "engine/two_layer/fused_tile.h"
#include "fused_push.h"
#include "model/two_layer.h"

namespace shadenet {

/// IDENTITY of shaders/include/activation.glsl.
inline constexpr std::uint32_t identity_activation = 3;
/// KIND of shaders/include/activation.glsl.
inline std::uint32_t activation_kind(const std::optional<Activation>& activation) {
    return activation ? static_cast<std::uint32_t>(activation->kind) : identity_activation;
}

/// A two-layer network with no norm after the activation, the other two norms both there or both not, and
/// kernels of 3 or 5.
struct FusedNetwork : TwoLayerForm {
    std::uint32_t kind() const { return activation_kind(activation); }
    std::uint32_t patch() const { return 3 * conv1.kernel * conv1.kernel; }
    /// The backward pass may correlate x with dy instead of going through the hidden channels: possible
    /// without an activation, and less work from 7 channels on. (A kernel of 5 would need more registers than
    /// there are.)
    bool can_correlate() const { return !activation && conv1.kernel == 3 && 4 * hidden() > patch(); }
};

struct FusedMatch {
    std::optional<FusedNetwork> network;
    std::string reason;  ///< where there is none: why, in words that follow "the fused plan "
};

/// Hidden channels 4..64: fewer are not worth it, more run too long in one thread.
FusedMatch match_fused(const Network& network);

/// The backward pass of the network correlates with these tiles.
bool correlates(const FusedNetwork& network, const FusedTiles& tiles);
/// The tile of the backward pass, with the strip that it has then.
FusedTile backward_tile(const FusedNetwork& network, const FusedTiles& tiles);

/// Where the network's tensors lie in `parameters`; the rest of the struct is the caller's.
push::FusedNetworkPush fused_network_push(const FusedNetwork& network, const ParameterBuffers& parameters);
/// Decays of the two norms.
void set_decay(push::FusedNetworkPush& push, float decay1, float decay2);

}  // namespace shadenet
