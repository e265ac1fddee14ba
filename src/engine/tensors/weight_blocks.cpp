#include "engine/tensors/weight_blocks.h"

namespace shadenet {

namespace {

template <class Use>
void for_each_weight(const WeightExtent& extent, Use use) {
    std::size_t i = 0;
    for (std::uint32_t o = 0; o < extent.out; ++o) {
        for (std::uint32_t in = 0; in < extent.in; ++in) {
            const std::size_t block = (std::size_t{o / 4} * extent.in_blocks() + in / 4) * extent.taps;
            for (std::uint32_t tap = 0; tap < extent.taps; ++tap) {
                use(i++, ((block + tap) * 4 + o % 4) * 4 + in % 4);
            }
        }
    }
}

}  // namespace

std::vector<float> to_blocks(std::span<const float> weights, const WeightExtent& extent) {
    std::vector<float> blocks(extent.block_values(), 0.0f);
    for_each_weight(extent, [&](std::size_t i, std::size_t at) { blocks[at] = weights[i]; });
    return blocks;
}

void from_blocks(std::span<const float> blocks, const WeightExtent& extent, std::span<float> weights) {
    for_each_weight(extent, [&](std::size_t i, std::size_t at) { weights[i] = blocks[at]; });
}

}  // namespace shadenet
