// What a plan of inference does with one tile of a picture. TiledFilter brings the tiles to it.
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
    /// Cuts an axis of a picture of `height` rows, or `width` columns. What counts is every pixel once, in
    /// order, and neither the cut nor the pictures before change the result, bit for bit.
    virtual std::vector<TileWindow> cut_rows(std::uint32_t height) const = 0;
    virtual std::vector<TileWindow> cut_columns(std::uint32_t width) const = 0;

    /// Records what makes the tile's result of its picture, both laid out as PictureTile says, in buffers
    /// that may be larger. May wait for the recorder.
    virtual void record(Recorder& recorder, const PictureTile& tile, const Buffer& picture,
                        const Buffer& result) = 0;
    /// What is left to the host, once it has the tile's result.
    virtual void complete(std::span<const std::byte> /*picture*/, std::span<std::byte> /*result*/) const {}
};

}  // namespace shadenet
