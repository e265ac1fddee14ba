// The numbers of a patch, in the order of the weights that a convolution has for one output.
#pragma once

#include <cstddef>
#include <cstdint>

namespace shadenet {

/// Where number [channel][y][x] of a patch comes from.
struct PatchElement {
    std::uint32_t channel;
    std::int32_t y, x;  ///< from the patch's centre
};

inline PatchElement patch_element(std::size_t index, std::uint32_t kernel) {
    const std::size_t taps = std::size_t{kernel} * kernel;
    const auto tap = static_cast<std::uint32_t>(index % taps);
    const auto radius = static_cast<std::int32_t>(kernel / 2);
    return {static_cast<std::uint32_t>(index / taps), static_cast<std::int32_t>(tap / kernel) - radius,
            static_cast<std::int32_t>(tap % kernel) - radius};
}

}  // namespace shadenet
