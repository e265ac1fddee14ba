// Which parts of the pairs a last layer is solved on.
#include "train/solve_tiles.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "data/picture_set.h"
#include "device_fixture.h"
#include "model/parameters.h"
#include "model/presets.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

std::set<std::uint32_t> pairs_with(const std::vector<PairTile>& tiles) {
    std::set<std::uint32_t> pairs;
    for (const PairTile& tile : tiles) pairs.insert(tile.pair);
    return pairs;
}

/// One tile of each of these pairs.
std::vector<PairTile> tiles_of_pairs(const std::vector<std::uint32_t>& pairs) {
    std::vector<PairTile> tiles;
    for (const std::uint32_t pair : pairs) tiles.push_back({pair, 0, 0});
    return tiles;
}

}  // namespace

TEST_CASE("solve tiles: every fifth pair is left out, whichever pairs have tiles") {
    using Pairs = std::set<std::uint32_t>;
    const SolveTiles all = divided(tiles_of_pairs({0, 1, 2, 3, 4, 5, 6, 7}));
    CHECK(pairs_with(all.left_out) == Pairs{2, 7});
    CHECK(all.left == "2 pictures left out");
    const SolveTiles some = divided(tiles_of_pairs({0, 5, 10, 15}));
    CHECK(pairs_with(some.left_out) == Pairs{10});
    CHECK(pairs_with(some.solved) == Pairs{0, 5, 15});
    // Two pairs have tiles, of however many.
    const SolveTiles few = divided(tiles_of_pairs({3, 3, 3, 8, 8, 8}));
    CHECK(few.left_out.size() == 1);
    CHECK(few.left == "1 of 6 parts of the pictures left out");
}

TEST_CASE_METHOD(DeviceFixture, "solve tiles: of many small pictures as many as large ones have pixels") {
    const Network network = two_layer_network({.hidden = 2});
    const auto chosen = [&](std::uint32_t count, std::uint32_t side, std::uint32_t share) {
        const PictureSet pairs(std::vector<std::string>(count, "p"),
                               std::vector<PictureSize>(count, {side, side}));
        const TileLayers layers(device, network, initial_parameters(network, 1), {}, solve_tile(pairs));
        return tiles_of(pairs, layers, share);
    };
    CHECK(chosen(160, 64, 1).size() == 160);
    CHECK(chosen(600, 64, 1).size() == 512);
    CHECK(chosen(600, 64, 4).size() == 128);
    CHECK(chosen(3, 8, 1).size() == 3);
    // 8 MiB of pixels, in tiles of 128.
    CHECK(chosen(3, 2048, 1).size() == 512);
}
