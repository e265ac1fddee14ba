// Pixels of a picture on their way to a tile of inference and back.
#pragma once

#include <cstddef>
#include <span>

#include "engine/tiles/tile_window.h"
#include "image/image.h"

namespace shadenet {

// `Kind`: Image, Picture8 or Picture16. Only 8-bit pictures have packed tiles.

/// Fills the first tile.bytes() of `memory`, where a float may lie, with what the tile reads: zeros outside
/// the picture. Where the tile holds floats, integers are divided by 255 or 65535; then all go into
/// tile.range.
template <class Kind>
void gather(const Kind& picture, const PictureTile& tile, std::span<std::byte> memory);

/// Brings the tile's pixels from its result to their place in the picture. Floats leave tile.range; for
/// pictures of integers they are clamped to 0..1 and rounded to nearest, a half upwards. Throws BadResult,
/// which names the place, for a float that is not finite and should become an integer.
template <class Kind>
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Kind& picture);

}  // namespace shadenet
