// The work of an inference plan on one tile of a picture. TiledFilter brings the tiles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/tiles/tile_window.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

class TileKernels {
  public:
    virtual ~TileKernels() = default;

    /// Pixels of 8 bits may go to the kernels, and come back from them, as they are.
    virtual bool packs() const { return false; }
    /// Cut an axis of a picture into windows whose own pixels are every pixel once, in order. Neither the cut
    /// nor earlier pictures may change a bit of the result.
    virtual std::vector<TileWindow> cut_rows(std::uint32_t height) const = 0;
    virtual std::vector<TileWindow> cut_columns(std::uint32_t width) const = 0;

    /// Records the calls from the tile's picture to its result, both laid out as PictureTile says, in buffers
    /// that may be larger. May wait for the recorder.
    virtual void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                        const Buffer& result) = 0;
    /// The host's part of the work, once it has the tile's result.
    virtual void complete(std::span<const std::byte> /*picture*/, std::span<std::byte> /*result*/) const {}
};

}  // namespace shadenet
