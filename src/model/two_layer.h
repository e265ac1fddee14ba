// The form of a two-layer network: the one place that finds it in a list of layers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/network.h"

namespace shadenet {

/// What every two-layer network of this program keeps to; plans may take less.
inline constexpr std::uint32_t largest_two_layer_kernel = 7, most_two_layer_hidden = 1024;

/// conv → norm → activation → norm → conv → norm → + input, of which only the convolutions must be there.
/// Stride 1, same padding, 3 colours in and out.
struct TwoLayerForm {
    Conv conv1, conv2;
    std::optional<BatchNorm> before, after;  ///< the activation; without one, a single norm is `before`
    std::optional<BatchNorm> last;           ///< after conv2
    std::optional<Activation> activation;
    bool residual;  ///< the input is added at the end

    std::uint32_t hidden() const { return conv1.out_channels; }
};

struct TwoLayerMatch {
    std::optional<TwoLayerForm> form;
    std::string reason;  ///< where there is none: why, in words that follow "takes "
};

TwoLayerMatch match_two_layer(const Network& network);

}  // namespace shadenet
