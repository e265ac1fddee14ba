// Pixels of a picture on their way to a tile of inference and back.
#pragma once

#include <cstddef>
#include <span>

#include "engine/tiles/tile_window.h"
#include "image/image.h"

namespace shadenet {

// `Kind`: Image, Picture8 or Picture16, as the tile's format says. Integers are copied as they are.

/// Fills the first tile.bytes() of `memory`, where a float may lie, with what the tile reads: outside
/// the picture what tile.padding says. Floats go into tile.range.
template <class Kind>
void gather(const Kind& picture, const PictureTile& tile, std::span<std::byte> memory);

/// Brings the tile's pixels from its result to their place in the picture. Floats leave tile.range. Throws
/// BadResult, which names the place, when the result reports that the float of an integer was not finite.
template <class Kind>
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Kind& picture);

}  // namespace shadenet
