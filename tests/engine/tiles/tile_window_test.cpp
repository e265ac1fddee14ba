#include "engine/tiles/tile_window.h"

#include <algorithm>

#include "catch.h"
#include "engine/tensors/packed.h"

using namespace shadenet;

TEST_CASE("tiles: one that fits has maps that the device binds as they lie, in blocks of four channels") {
    for (const std::uint32_t channels : {3u, 5u, 7u, 8u}) {
        CAPTURE(channels);
        const Network network{any_size(3), {Conv{"conv1", 3, channels, 3}, Conv{"conv2", channels, 3, 3}}};
        constexpr std::uint32_t tile = 64,
                                side = tile + 4;  // each convolution reads a pixel more on each side
        DeviceInfo info;
        info.max_allocation = std::uint64_t{1} << 40;
        info.max_storage_range = packed_bytes({1, channels, side, side});
        CHECK(fitting_tile(info, network, tile) == tile);
        --info.max_storage_range;
        CHECK(fitting_tile(info, network, tile) == tile / 2);
    }
}

TEST_CASE("tiles: inner windows compute every pixel once, and as many each") {
    for (const std::uint32_t length : {1u, 7u, 20u}) {
        for (const std::uint32_t tile : {1u, 3u, 20u, 512u}) {
            CAPTURE(length, tile);
            std::uint32_t next = 0;
            for (const TileWindow& window : inner_windows(length, tile, 5)) {
                CHECK(window.length == length);
                CHECK(window.write == next);
                CHECK(window.makes == std::min(length, tile));
                CHECK(window.made <= window.write);
                CHECK(window.write + window.count <= window.made + window.makes);
                CHECK(window.made + window.makes <= length);
                CHECK(window.read + 5 == window.made);  // before the first pixel it has wrapped around
                CHECK(window.reads == window.makes + 10);
                next += window.count;
            }
            CHECK(next == length);
        }
    }
}
