#include "engine/stack/placement.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "catch.h"
#include "gpu/buffer.h"

using namespace shadenet;

namespace {

void require_apart(const std::vector<Life>& lives, const Placement& placement) {
    REQUIRE(placement.places.size() == lives.size());
    for (std::size_t i = 0; i < lives.size(); ++i) {
        const Place& one = placement.places[i];
        REQUIRE(one.offset % range_alignment == 0);
        REQUIRE(one.offset + lives[i].bytes <= placement.blocks.at(one.block));
        for (std::size_t j = 0; j < i; ++j) {
            const Place& other = placement.places[j];
            if (one.block != other.block || !lives[i].meets(lives[j])) continue;
            const bool apart =
                one.offset + lives[i].bytes <= other.offset || other.offset + lives[j].bytes <= one.offset;
            REQUIRE(apart);
        }
    }
}

}  // namespace

TEST_CASE("placement: lives that follow one another share their memory") {
    const std::vector<Life> lives = {{1000, 0, 1}, {1000, 1, 2}, {1000, 2, 3}, {10, 0, 3}};
    const Placement placement = place(lives, 1 << 20);
    require_apart(lives, placement);
    CHECK(placement.blocks == std::vector<std::uint64_t>{2058});
    CHECK(placement.places[0].offset == 0);
    CHECK(placement.places[1].offset == 1024);
    CHECK(placement.places[2].offset == 0);
}

TEST_CASE("placement: blocks are no larger than asked for, unless one life is") {
    const std::vector<Life> lives = {{5000, 0, 0}, {600, 0, 3}, {600, 1, 3}, {600, 2, 4}, {400, 5, 6}};
    const Placement placement = place(lives, 1000);
    require_apart(lives, placement);
    // The largest has a block of its own, in which others lie before and after it.
    CHECK(placement.blocks == std::vector<std::uint64_t>{5000, 600});
}

TEST_CASE("placement: nothing needs nothing") {
    CHECK(place({}, 1000).blocks.empty());
}

TEST_CASE("placement: of random lives none that meet overlap") {
    std::mt19937 random(7);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    for (int round = 0; round < 300; ++round) {
        std::vector<Life> lives(below(40));
        for (Life& life : lives) {
            const std::size_t first = below(30);
            life = {1 + below(5000), first, first + below(8)};
        }
        const Placement placement = place(lives, 1 + below(12'000));
        require_apart(lives, placement);
    }
}
