#include "tune/tile_table.h"

#include <algorithm>

namespace shadenet {

TileTable tile_table(DeviceKind kind, std::uint32_t kernel) {
    const FusedTiles safe = default_tiles(kind, kernel);
    TileTable table{{safe.forward}, {safe.backward}};
    const auto forward = [&](std::uint32_t strip, std::uint32_t rows, std::uint32_t local) {
        table.forward.push_back(
            {.strip = strip, .block_rows = rows, .local_size = local, .texels = safe.forward.texels});
    };
    const auto backward = [&](std::uint32_t strip, std::uint32_t group, std::uint32_t rows,
                              std::uint32_t local) {
        table.backward.push_back({.strip = strip,
                                  .block_rows = rows,
                                  .group = group,
                                  .local_size = local,
                                  .texels = safe.backward.texels});
    };
    if (kind == DeviceKind::software) {
        forward(kernel == 3 ? 8 : 4, 128, 8);
        backward(kernel == 3 ? 8 : 4, kernel == 3 ? 2 : 1, 64, 8);
        backward(kernel == 3 ? 4 : 2, kernel == 3 ? 4 : 1, 128, 8);
        return table;
    }
    backward(4, 1, 32, 64);
    backward(2, 1, 64, 64);
    backward(4, 1, 64, 128);
    backward(2, 2, 64, 64);
    backward(8, 1, 64, 64);
    forward(8, 16, 64);
    forward(4, 32, 64);
    forward(2, 16, 64);
    forward(4, 8, 128);
    forward(8, 32, 32);
    return table;
}

bool contains(const TileTable& table, const FusedTiles& tiles) {
    const auto in = [](const std::vector<FusedTile>& tried, const FusedTile& tile) {
        return std::find(tried.begin(), tried.end(), tile) != tried.end();
    };
    return in(table.forward, tiles.forward) && in(table.backward, tiles.backward);
}

}  // namespace shadenet
