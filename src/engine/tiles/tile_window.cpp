#include "engine/tiles/tile_window.h"

#include <algorithm>

#include "engine/tensors/packed.h"

namespace shadenet {

namespace {

/// Floats of the largest image among the points of the network, for pictures of `side` × `side` pixels.
std::uint64_t widest_image(const Network& network, std::uint32_t side) {
    std::uint64_t widest = 0;
    for (const Shape& shape : point_shapes(network, {1, network.input.c, side, side})) {
        widest = std::max<std::uint64_t>(widest, packed_bytes(shape) / sizeof(float));
    }
    return widest;
}

/// The most floats of an image: the device must bind them at once, and allocate them with its own additions.
std::uint64_t bindable_image(const DeviceInfo& device) {
    return std::min(device.max_storage_range, device.max_allocation / 4 * 3) / sizeof(float);
}

}  // namespace

/// A window that would reach beyond the end of the axis is moved inside. At the ends of the axis the
/// network's padding is that of the whole picture; elsewhere a window reads `radius` pixels beyond its own.
std::vector<TileWindow> tile_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t radius) {
    const std::uint32_t width = std::min(length, tile + 2 * radius);
    std::vector<TileWindow> cut;
    for (std::uint32_t first = 0; first < length; first += std::min(tile, length - first)) {
        const std::uint32_t read = std::min(first > radius ? first - radius : 0, length - width);
        cut.push_back({length, first, std::min(tile, length - first), read, width, read, width});
    }
    return cut;
}

std::vector<TileWindow> inner_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t margin) {
    const std::uint32_t width = std::min(length, tile);
    std::vector<TileWindow> cut;
    for (std::uint32_t first = 0; first < length; first += cut.back().count) {
        const std::uint32_t made = std::min(first, length - width);
        cut.push_back(
            {length, first, std::min(tile, length - first), made - margin, width + 2 * margin, made, width});
    }
    return cut;
}

std::vector<TileWindow> padded_windows(std::uint32_t length, std::uint32_t tile, std::uint32_t margin,
                                       std::uint32_t strip) {
    std::vector<TileWindow> cut;
    for (std::uint32_t first = 0; first < length; first += cut.back().count) {
        const std::uint32_t count = std::min(tile, length - first), padded = round_up(count, strip);
        cut.push_back({length, first, count, first - margin, padded + 2 * margin, first, padded});
    }
    return cut;
}

std::uint32_t fitting_tile(const DeviceInfo& device, const Network& network, std::uint32_t tile,
                           std::uint64_t most_floats) {
    const std::uint32_t halo = continues_pictures(network) ? 0 : 2 * receptive_radius(network);
    const std::uint64_t most = std::min(bindable_image(device), most_floats);
    while (tile > 1 && widest_image(network, tile + halo) > most) tile /= 2;
    return tile;
}

}  // namespace shadenet
