// A network without activations as what it is: one linear filter.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

/// Of the colours, as 0, 1 and 2 count them.
inline constexpr std::array<const char*, 3> kernel_colours = {"red", "green", "blue"};

/// result[o] = constant[o] + Σ weight(o,c,y,x) · pixel[c] over the pixels around one, from row and column 0,
/// which are `radius` above and left of it. In 0..1, whatever the network's range.
struct LinearKernel {
    std::uint32_t radius = 0;
    std::vector<double> weights;  ///< [3][3][side][side]
    std::array<double, 3> constant{};
    PicturePadding padding = PicturePadding::zero;  ///< what stands for pixels beyond the picture's edges
    /// Within `radius` of the edges the network makes other numbers than these, as it pads a later layer with
    /// zeros.
    bool differs_at_edges = false;

    std::uint32_t side() const { return 2 * radius + 1; }
    double weight(std::size_t o, std::size_t c, std::size_t y, std::size_t x) const {
        return weights[((o * 3 + c) * side() + y) * side() + x];
    }
    /// What flat areas become: the sum of the weights of colour `c` in the result's colour `o`.
    double sum(std::size_t o, std::size_t c) const;
    /// How much of a grey pattern's contrast remains in colour `o`. Frequencies are in cycles a pixel, 0 to
    /// 0.5.
    double gain(std::size_t o, double across, double down) const;
};

/// Why the network is no linear filter that looks at a few pixels, in words that follow "the network "; empty
/// where it is one.
std::string no_kernel_reason(const Network& network);

/// In float64, of a network that no_kernel_reason() has nothing against. Throws std::out_of_range when
/// `parameters` lacks a tensor.
LinearKernel linear_kernel(const Network& network, const Parameters& parameters);

}  // namespace shadenet
