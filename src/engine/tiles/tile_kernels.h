// The work of an inference plan on one tile of a picture. TiledFilter brings the tiles.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tiles/tile_window.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

class TileKernels {
  public:
    virtual ~TileKernels() = default;

    /// Cut an axis of a picture into windows whose own pixels are every pixel once, in order. Neither the cut
    /// nor earlier pictures may change a bit of the result.
    virtual std::vector<TileWindow> cut_rows(std::uint32_t height) const = 0;
    virtual std::vector<TileWindow> cut_columns(std::uint32_t width) const = 0;

    /// Records the calls from the tile's picture to its result, both laid out as PictureTile says, in buffers
    /// that may be larger. Integers are turned into floats of tile.range, divided by 255 or 65535 before, and
    /// results are clamped to the range and rounded to nearest, a half upwards; where the picture has no
    /// pixels the network sees zeros. Before, the word at tile.report() of integers is all ones. May
    /// wait for the recorder.
    virtual void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                        const Buffer& result) = 0;
};

}  // namespace shadenet
