// How a picture of any size is cut into tiles that overlap by a network's receptive radius.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensors/tensor.h"
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
    std::uint32_t read, reads;   ///< the pixels that are read, zero outside the picture
    std::uint32_t made, makes;   ///< the pixels that are computed, in the result
};

/// Cuts an axis of `length` pixels into windows that all read and compute min(length, tile + 2·radius)
/// pixels, none of them outside the picture. Their own pixels are every pixel once, in order.
std::vector<TileWindow> tile_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t radius);

/// Cuts an axis into windows of `tile` pixels. A window computes its pixels, rounded up to a multiple of
/// `strip`, and reads `margin` more on both sides.
std::vector<TileWindow> padded_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t margin,
                                       std::uint32_t strip);

/// A tile of a picture, and how its pixels lie in memory: as three planes of float, or packed, as pixels of 8
/// bits, four in three words. Words have 32 bits. (shaders/include/folded_push.h)
struct PictureTile {
    TileWindow rows, columns;
    bool packed;         ///< columns are then read and computed in multiples of 4
    PixelRange range{};  ///< of the floats; 8-bit pixels are those of 0..1

    std::uint32_t row_words(std::uint32_t pixels) const { return packed ? pixels / 4 * 3 : pixels; }
    std::uint32_t pitch() const { return row_words(columns.reads); }
    std::uint32_t plane() const { return pitch() * rows.reads; }
    std::uint32_t result_pitch() const { return row_words(columns.makes); }
    std::uint32_t result_plane() const { return result_pitch() * rows.makes; }
    std::uint64_t bytes() const { return std::uint64_t{packed ? 1u : 3u} * plane() * 4; }
    std::uint64_t result_bytes() const { return std::uint64_t{packed ? 1u : 3u} * result_plane() * 4; }
};

/// `tile`, halved until the device can bind every layer's result for a tile with its overlap, and none has
/// more than `most_floats` values.
std::uint32_t fitting_tile(const DeviceInfo& device, const Network& network, std::uint32_t tile,
                           std::uint64_t most_floats = 1 << 30);

}  // namespace shadenet
