#include "engine/stack/placement.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "gpu/buffer.h"

namespace shadenet {

namespace {

struct Placed {
    Life life;
    std::uint64_t offset = 0;
};

/// The lowest offset in a block of `most` bytes. `placed`: what lies there, in the order of the offsets.
std::optional<std::uint64_t> free_offset(const std::vector<Placed>& placed, const Life& life,
                                         std::uint64_t most) {
    std::uint64_t offset = 0;
    for (const Placed& other : placed) {
        if (!other.life.meets(life)) continue;
        if (offset + life.bytes <= other.offset) break;
        offset = std::max(offset, align_up(other.offset + other.life.bytes));
    }
    if (offset + life.bytes > most) return {};
    return offset;
}

}  // namespace

Placement place(std::span<const Life> lives, std::uint64_t most_of_block) {
    std::vector<std::size_t> order(lives.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) {
        if (lives[a].bytes != lives[b].bytes) return lives[a].bytes > lives[b].bytes;
        return lives[a].first < lives[b].first;
    });
    Placement placement{std::vector<Place>(lives.size()), {}};
    std::vector<std::vector<Placed>> blocks;
    for (const std::size_t index : order) {
        const Life& life = lives[index];
        Place at{blocks.size(), 0};
        for (std::size_t block = 0; block < blocks.size(); ++block) {
            const std::uint64_t most = std::max(most_of_block, placement.blocks[block]);
            const std::optional<std::uint64_t> offset = free_offset(blocks[block], life, most);
            if (!offset) continue;
            at = {block, *offset};
            break;
        }
        if (at.block == blocks.size()) {
            blocks.emplace_back();
            placement.blocks.push_back(0);
        }
        placement.places[index] = at;
        std::uint64_t& bytes = placement.blocks[at.block];
        bytes = std::max(bytes, at.offset + life.bytes);
        std::vector<Placed>& placed = blocks[at.block];
        const auto after =
            std::ranges::upper_bound(placed, at.offset, {}, [](const Placed& one) { return one.offset; });
        placed.insert(after, {life, at.offset});
    }
    return placement;
}

}  // namespace shadenet
