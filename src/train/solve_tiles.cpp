#include "train/solve_tiles.h"

#include <algorithm>
#include <iterator>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "data/picture_set.h"

namespace shadenet {

namespace {

constexpr std::uint32_t usual_solve_tile = 512, scattered_solve_tile = 128;
/// Of one or two pairs at least so many tiles, if they have so many pixels.
constexpr std::uint64_t least_tiles_of_few = 16;
constexpr std::uint32_t few_pairs = 2;

std::uint64_t pixels_of(const PictureSet& pairs) {
    std::uint64_t pixels = 0;
    for (const PictureSize& size : pairs.sizes()) pixels += std::uint64_t{size.width} * size.height;
    return pixels;
}

std::uint64_t tiles_along(std::uint32_t length, std::uint32_t tile) {
    return (std::uint64_t{length} + tile - 1) / tile;
}

}  // namespace

std::uint32_t solve_tile(const PictureSet& pairs) {
    std::uint32_t tile = pixels_of(pairs) > most_solve_pixels ? scattered_solve_tile : usual_solve_tile;
    if (pairs.size() > few_pairs) return tile;
    const auto count = [&] {
        std::uint64_t tiles = 0;
        for (const PictureSize& size : pairs.sizes()) {
            tiles += tiles_along(size.width, tile) * tiles_along(size.height, tile);
        }
        return tiles;
    };
    while (tile > 1 && count() < least_tiles_of_few) tile /= 2;
    return tile;
}

std::vector<PairTile> tiles_of(const PictureSet& pairs, const TileLayers& layers, std::uint32_t share) {
    std::vector<PairTile> all;
    for (std::uint32_t pair = 0; pair < pairs.size(); ++pair) {
        const std::size_t rows = layers.cut(pairs.height(pair)).size(),
                          columns = layers.cut(pairs.width(pair)).size();
        for (std::size_t row = 0; row < rows; ++row) {
            for (std::size_t column = 0; column < columns; ++column) all.push_back({pair, row, column});
        }
    }
    // A tile of a small picture takes nearly as long as one of this side.
    const std::uint64_t side = std::min(layers.tile(), scattered_solve_tile);
    const std::uint64_t pixels_of_tile =
        std::max(pixels_of(pairs) / std::max<std::uint64_t>(all.size(), 1), side * side);
    const std::uint64_t most = std::max<std::uint64_t>(most_solve_pixels / share / pixels_of_tile, 1);
    if (all.size() <= most) return all;
    std::vector<PairTile> some;
    for (std::uint64_t i = 0; i < most; ++i) some.push_back(all[i * all.size() / most]);
    return some;
}

SolveTiles divided(const std::vector<PairTile>& tiles) {
    SolveTiles divided;
    // Only the pairs that have tiles count: of many pairs, some at equal distances have.
    std::set<std::uint32_t> pairs, left;
    for (const PairTile& tile : tiles) pairs.insert(tile.pair);
    const bool few = pairs.size() <= few_pairs;
    std::size_t number = 0;
    for (const PairTile& tile : tiles) {
        const auto place = std::distance(pairs.begin(), pairs.find(tile.pair));
        const bool out = few ? number++ % 4 == 2 : place % 5 == 2;
        (out ? divided.left_out : divided.solved).push_back(tile);
        if (out) left.insert(tile.pair);
    }
    divided.left =
        few ? fmt::format("{} of {} parts of the pictures left out", divided.left_out.size(), tiles.size())
            : counted(left.size(), "picture") + " left out";
    return divided;
}

void PairReader::read(std::uint32_t pair) {
    if (latest_ == pair) return;
    input_ = pairs_.input_picture(pair);
    target_ = pairs_.target_picture(pair);
    latest_ = pair;
}

}  // namespace shadenet
