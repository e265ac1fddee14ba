// Memory for what lives at different times.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace shadenet {

/// So many bytes, in use from one step to another, both included.
struct Life {
    std::uint64_t bytes = 0;
    std::size_t first = 0, last = 0;

    bool meets(const Life& other) const { return first <= other.last && other.first <= last; }
};

/// Where it lies: in a block, beginning at a multiple of range_alignment.
struct Place {
    std::size_t block = 0;
    std::uint64_t offset = 0;
};

struct Placement {
    std::vector<Place> places;          ///< in the order of the lives
    std::vector<std::uint64_t> blocks;  ///< their bytes
};

/// Places lives so that none that meet overlap: the largest first, each at the lowest offset that is free all
/// its life, in the first block that has one. No block exceeds `most_of_block` bytes unless a single life
/// does.
Placement place(std::span<const Life> lives, std::uint64_t most_of_block);

}  // namespace shadenet
