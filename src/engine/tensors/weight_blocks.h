// The weights of a layer in blocks of 4x4 channels, as the stack plan reads them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/tensors/tensor.h"

namespace shadenet {

/// Weights [out,in,taps] of a convolution (taps: kernel rows times columns) or a dense layer (1).
struct WeightExtent {
    std::uint32_t out = 0, in = 0, taps = 1;

    std::uint32_t out_blocks() const { return pieces_of(out, 4u); }
    std::uint32_t in_blocks() const { return pieces_of(in, 4u); }
    std::size_t values() const { return std::size_t{out} * in * taps; }
    /// Of the blocks [⌈out/4⌉][⌈in/4⌉][taps][4 outputs][4 inputs].
    std::size_t block_values() const { return std::size_t{out_blocks()} * in_blocks() * taps * 16; }
};

/// Weights [out,in,taps] to blocks and back. Channels beyond the last one are 0.
std::vector<float> to_blocks(std::span<const float> weights, const WeightExtent& extent);
void from_blocks(std::span<const float> blocks, const WeightExtent& extent, std::span<float> weights);

}  // namespace shadenet
