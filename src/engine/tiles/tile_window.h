// How a picture of any size is cut into tiles that overlap by a network's receptive radius.
#pragma once

#include <cstdint>
#include <vector>

#include "gpu/device_info.h"
#include "model/network.h"

namespace shadenet {

/// Tiles of `tile` that `count` needs, the last one maybe not full.
inline std::uint32_t tiles_of(std::uint32_t count, std::uint32_t tile) {
    return (count + tile - 1) / tile;
}
/// The smallest multiple that is not below `count`.
inline std::uint32_t round_up(std::uint32_t count, std::uint32_t multiple) {
    return tiles_of(count, multiple) * multiple;
}

/// A stretch of one axis: what a tile reads, and the part of it that counts.
struct TileWindow {
    std::uint32_t read, write, count;  ///< first pixel read, first that counts, pixels that count
};

/// Cuts an axis of `length` pixels into windows that all read min(length, tile + 2·radius) of them. What
/// counts is every pixel once, in order.
std::vector<TileWindow> tile_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t radius);

/// `tile`, or a half of it, or a quarter and so on, so that the device can bind every layer's result for a
/// tile with its overlap, and none has more than `most_floats` values.
std::uint32_t fitting_tile(const DeviceInfo& device, const Network& network, std::uint32_t tile,
                           std::uint64_t most_floats = 1 << 30);

}  // namespace shadenet
