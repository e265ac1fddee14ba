// The end of a network that a least-squares problem gives: a convolution, and what may follow it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "model/network.h"

namespace shadenet {

/// The end of a network: a convolution, and what follows it.
struct LastLayer {
    std::size_t index = 0;  ///< of the convolution
    Conv conv;
    std::optional<BatchNorm> norm;
    bool adds_input = false;
};

/// Nothing where the network does not end so, or solving would take too long; `why_not` then says which.
std::optional<LastLayer> last_layer(const Network& network, std::string& why_not);

}  // namespace shadenet
