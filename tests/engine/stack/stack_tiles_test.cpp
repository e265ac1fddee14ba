#include "engine/stack/stack_tiles.h"

#include <set>
#include <string>

#include "catch.h"

using namespace shadenet;

namespace {

constexpr LayerClass conv_class{4, 8, 3, 1, 32}, dense_class{25, 25, 1, 1, 64};

}  // namespace

TEST_CASE("stack tiles: every choice has a name of its own, by which it is found") {
    for (const DeviceKind kind : {DeviceKind::software, DeviceKind::discrete}) {
        for (const LayerClass& layer : {conv_class, dense_class}) {
            const LayerTable table = layer_table(kind, layer);
            std::set<std::string> names;
            const std::vector<WeightTile> choices = weight_choices(table);
            CHECK(choices.size() == table.weights.size() * (1 + table.least_threads.size()));
            for (const WeightTile& weights : choices) {
                const LayerTiles tiles{table.forward.back(), table.input.front(), weights};
                CHECK(find_tiles(table, to_string(tiles)) == tiles);
                names.insert(to_string(tiles));
            }
            CHECK(names.size() == choices.size());
        }
    }
}

TEST_CASE("stack tiles: a text without threads has the usual number of them") {
    const std::string before =
        "8 to 4 blocks 1x1, 4 wide, stride 2: forward 4x4x2 by 8, input 4x4x2 by 8, "
        "weights 4x2x1x4 by 8";
    const LayerClass layer{8, 4, 1, 2, 4};
    const auto read = [&](const std::string& text) {
        return find_tiles(DeviceKind::software, {layer}, text);
    };
    REQUIRE(read(before));
    CHECK(read(before)->at(layer).weights == WeightTile{4, 2, 1, 4, 8, 1024});
    CHECK(to_string(*read(before)) == before);
    REQUIRE(read(before + " for 256 threads"));
    CHECK(read(before + " for 256 threads")->at(layer).weights == WeightTile{4, 2, 1, 4, 8, 256});
    CHECK(to_string(*read(before + " for 256 threads")) == before + " for 256 threads");
    CHECK_FALSE(read(before + " for 1000000000 threads"));
    CHECK_FALSE(read(before + " for 256"));
}
