// Which parts of the pairs the last layer is solved on, and which it is judged by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/stack/tile_layers.h"
#include "image/image.h"

namespace shadenet {

class PictureSet;

/// The side of the tiles that the pairs of a run are cut into for a network: small ones where not all of
/// their pixels are looked at, so that these come from many places, and where there are few pairs, so that
/// some of a picture can be left out.
std::uint32_t solve_tile(const PictureSet& pairs);

/// A tile of a pair: the number of its window along each axis (TileLayers::cut()).
struct PairTile {
    std::uint32_t pair;
    std::size_t row, column;
};

/// All tiles, or, at equal distances, as many of them as have about most_solve_pixels together and take no
/// longer than large ones would; `share` divides that.
std::vector<PairTile> tiles_of(const PictureSet& pairs, const TileLayers& layers, std::uint32_t share = 1);
/// The pixels that are looked at, at most, up to a tile.
inline constexpr std::uint64_t most_solve_pixels = 8 << 20;

/// All tiles, which are in the order of their pairs, are either solved on or left out. Of three pairs or more
/// that have tiles every fifth is left out, from the third on, and of fewer every fourth tile.
struct SolveTiles {
    std::vector<PairTile> solved, left_out;
    std::string left;  ///< what is left out: "2 pictures left out"
};
SolveTiles divided(const std::vector<PairTile>& tiles);

/// The two pictures of a tile's pair, which are kept for the next tile.
class PairReader {
  public:
    explicit PairReader(const PictureSet& pairs) : pairs_(pairs) {}
    const PictureSet& pairs() const { return pairs_; }
    const Image& input(std::uint32_t pair) { return read(pair), input_; }
    const Image& target(std::uint32_t pair) { return read(pair), target_; }

  private:
    void read(std::uint32_t pair);

    const PictureSet& pairs_;
    std::optional<std::uint32_t> latest_;
    Image input_, target_;
};

}  // namespace shadenet
