#include "engine/two_layer/tile_table.h"

#include <fmt/format.h>

namespace shadenet {

TileTable tile_table(DeviceKind kind, std::uint32_t kernel) {
    const FusedTiles safe = default_tiles(kind, kernel);
    TileTable table{{safe.forward}, {safe.backward}};
    const auto forward = [&](std::uint32_t strip, std::uint32_t rows, std::uint32_t local) {
        table.forward.push_back(
            {.strip = strip, .block_rows = rows, .local_size = local, .texels = safe.forward.texels});
    };
    const auto backward = [&](std::uint32_t strip, std::uint32_t group, std::uint32_t rows,
                              std::uint32_t local, std::uint32_t correlate = 0) {
        table.backward.push_back({.strip = strip,
                                  .block_rows = rows,
                                  .group = group,
                                  .correlate = correlate,
                                  .local_size = local,
                                  .texels = safe.backward.texels});
    };
    if (kind == DeviceKind::software) {
        forward(kernel == 3 ? 8 : 4, 128, 8);
        backward(kernel == 3 ? 8 : 4, kernel == 3 ? 2 : 1, 64, 8, 4);
        backward(kernel == 3 ? 4 : 2, kernel == 3 ? 4 : 1, 128, 8, 8);
        return table;
    }
    backward(4, 1, 32, 64);
    backward(2, 1, 64, 64);
    backward(4, 1, 64, 128);
    backward(2, 2, 64, 64);
    backward(8, 1, 64, 64);
    backward(2, 1, 64, 64, 2);
    forward(8, 16, 64);
    forward(4, 32, 64);
    forward(2, 16, 64);
    forward(4, 8, 128);
    forward(8, 32, 32);
    return table;
}

std::string to_string(const FusedTiles& tiles) {
    const auto rest = [](const FusedTile& tile) {
        return fmt::format(", {} threads{}", tile.local_size, tile.texels ? ", texels" : "");
    };
    const FusedTile &forward = tiles.forward, &backward = tiles.backward;
    return fmt::format(
        "forward {}x{}{}; backward {}x{}x{}{}{}", forward.strip, forward.block_rows, rest(forward),
        backward.strip, backward.block_rows, backward.group,
        backward.correlate != 0 ? fmt::format(" or {}x{}", backward.correlate, backward.block_rows) : "",
        rest(backward));
}

std::optional<FusedTiles> find_tiles(const TileTable& table, const std::string& name) {
    for (const FusedTile& forward : table.forward) {
        for (const FusedTile& backward : table.backward) {
            if (to_string(FusedTiles{forward, backward}) == name) return FusedTiles{forward, backward};
        }
    }
    return std::nullopt;
}

}  // namespace shadenet
