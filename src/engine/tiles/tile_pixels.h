// Pixels of a picture on their way to a tile of inference and back.
#pragma once

#include <cstddef>
#include <span>

#include "engine/tiles/tile_window.h"
#include "image/image.h"

namespace shadenet {

/// Fills the first tile.bytes() of `memory`, where a float may lie, with what the tile reads: zeros outside
/// the picture. Only 8-bit pictures have packed tiles.
void gather(const Image& picture, const PictureTile& tile, std::span<std::byte> memory);
void gather(const Picture8& picture, const PictureTile& tile, std::span<std::byte> memory);
void gather(const Picture16& picture, const PictureTile& tile, std::span<std::byte> memory);

/// Brings those pixels of the result that count to their place in the picture. Throws BadResult for a float
/// that is not finite and should become an integer.
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Image& picture);
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Picture8& picture);
void scatter(std::span<const std::byte> memory, const PictureTile& tile, Picture16& picture);

}  // namespace shadenet
