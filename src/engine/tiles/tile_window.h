// How a picture of any size is cut into tiles that overlap by a network's receptive radius.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensors/tensor.h"
#include "engine/tiles/pixel_format.h"
#include "gpu/device_info.h"
#include "model/network.h"
#include "model/pixel_range.h"

namespace shadenet {

/// The smallest multiple that is not below `count`.
inline std::uint32_t round_up(std::uint32_t count, std::uint32_t multiple) {
    return pieces_of(count, multiple) * multiple;
}

/// A tile's parts of one axis of a picture. The start of a part that begins before the first pixel wraps
/// around to a large number.
struct TileWindow {
    std::uint32_t length;        ///< of the axis
    std::uint32_t write, count;  ///< the tile's own pixels: the first, and how many
    std::uint32_t read, reads;   ///< the pixels that are read, outside the picture as its padding says
    std::uint32_t made, makes;   ///< the pixels that are computed, in the result
};

/// Cuts an axis of `length` pixels into windows that all read and compute min(length, tile + 2·radius)
/// pixels, none of them outside the picture. Their own pixels are every pixel once, in order.
std::vector<TileWindow> tile_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t radius);

/// Cuts an axis into windows that all compute min(length, tile) pixels, none of them outside the picture, and
/// read `margin` more on both sides. Their own pixels are every pixel once, in order.
std::vector<TileWindow> inner_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t margin);

/// Cuts an axis into windows of `tile` pixels. A window computes its pixels, rounded up to a multiple of
/// `strip`, and reads `margin` more on both sides.
std::vector<TileWindow> padded_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t margin,
                                       std::uint32_t strip);

/// A tile of a picture, and how its pixels lie in memory. A result of integers has a word more behind its
/// pixels: the place of the first value that was not finite.
struct PictureTile {
    TileWindow rows, columns;
    PixelFormat format;
    PixelRange range{};  ///< of the network, and so of the floats; integers stand for 0..1
    PicturePadding padding = PicturePadding::zero;

    bool integers() const { return format != PixelFormat::planes; }
    std::uint32_t pitch() const { return row_words(format, columns.reads); }
    std::uint32_t plane() const { return pitch() * rows.reads; }
    std::uint32_t result_pitch() const { return row_words(format, columns.makes); }
    std::uint32_t result_plane() const { return result_pitch() * rows.makes; }
    std::uint64_t bytes() const { return std::uint64_t{integers() ? 1u : 3u} * plane() * 4; }
    std::uint64_t result_bytes() const {
        return integers() ? report() + 4 : std::uint64_t{3} * result_plane() * 4;
    }
    /// Where the word about values that were not finite lies in a result of integers, in bytes.
    std::uint64_t report() const { return std::uint64_t{result_plane()} * 4; }
};

/// `tile`, halved until the device can bind every layer's result for a tile with its overlap, and none has
/// more than `most_floats` values.
std::uint32_t fitting_tile(const DeviceInfo& device, const Network& network, std::uint32_t tile,
                           std::uint64_t most_floats = 1 << 30);

}  // namespace shadenet
