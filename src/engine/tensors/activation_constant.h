// An activation as the constant KIND of shaders/include/activation.glsl.
#pragma once

#include <cstdint>
#include <optional>

#include "model/network.h"

namespace shadenet {

/// IDENTITY: no activation.
inline constexpr std::uint32_t identity_activation = 5;

inline std::uint32_t activation_constant(const std::optional<ActivationKind>& kind) {
    return kind ? static_cast<std::uint32_t>(*kind) : identity_activation;
}

}  // namespace shadenet
