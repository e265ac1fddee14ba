// What layers with weights have in common where the same tiles are fastest for them.
#pragma once

#include <algorithm>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>

#include "engine/stack/units.h"
#include "engine/tensors/tensor.h"
#include "engine/tensors/weight_blocks.h"
#include "model/network.h"

namespace shadenet {

/// What a layer's forward pass does beside its sums.
struct ForwardEpilogue {
    std::optional<ActivationKind> activation{};
    bool moments = false;  ///< leaves the moments of the result, after the activation
    Sum sum = Sum::none;   ///< adds another tensor of the result's shape
    auto operator<=>(const ForwardEpilogue&) const = default;
};

/// What the pass of the gradient to the input does beside its sums.
struct BackwardEpilogue {
    std::optional<ActivationKind> slope{};  ///< times the slope of this activation, whose result is x
    bool add = false;                       ///< adds what dx holds already, before the slope
    auto operator<=>(const BackwardEpilogue&) const = default;
};

/// The epilogues belong to it, because a software driver's compiler may make the same loop a quarter faster
/// or slower with another end.
struct LayerClass {
    std::uint32_t in_blocks, out_blocks;  ///< of four channels
    std::uint32_t kernel, stride;
    std::uint32_t width;  ///< of the result: the next power of two, and 64 for all that are wider
    ForwardEpilogue forward{};
    BackwardEpilogue backward{};
    auto operator<=>(const LayerClass&) const = default;

    /// Of a layer whose largest result is `y`.
    static LayerClass of(const WeightExtent& weights, std::uint32_t kernel, std::uint32_t stride,
                         const Shape& y, const ForwardEpilogue& forward, const BackwardEpilogue& backward) {
        const std::uint32_t columns = y.plane() == 1 ? y.n : y.w;
        return {weights.in_blocks(),
                weights.out_blocks(),
                kernel,
                stride,
                std::bit_ceil(std::min(columns, 64u)),
                forward,
                backward};
    }
};

}  // namespace shadenet
