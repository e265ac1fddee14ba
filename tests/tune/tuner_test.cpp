#include "tune/tuner.h"

#include <fstream>

#include "base/error.h"
#include "device_fixture.h"
#include "engine/two_layer/fused.h"
#include "gpu/gpu_test_tools.h"
#include "model/presets.h"
#include "tune/tile_store.h"

using namespace shadenet;

namespace {

/// Does nothing at all, and so is faster than any plan that is right.
class IdlePlan : public TrainingPlan {
  public:
    std::unique_ptr<BatchSource> make_source(const Examples&) override { return nullptr; }
    void step(Recorder&, const Batch&, const StepRecord&) override {}
    void begin_step(Recorder&, std::uint64_t) override {}
    void set_decays(Recorder&, std::span<const float>) override {}
    void freeze_norms(bool) override {}
};

TileTable small_table(const Device& device) {
    const FusedTiles safe = default_tiles(device.info().kind, 3);
    FusedTile other = safe.backward;
    other.block_rows *= 2;
    return {{safe.forward}, {safe.backward, other}};
}

const Network& network() {
    static const Network architecture = two_layer_network({.hidden = 4});
    return architecture;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "tuner: tries the whole table when there is time, and takes the fastest") {
    const Tuning tuning = tune(device, network(), small_table(device), 1000);
    REQUIRE(tuning.measured.size() == 2);
    const Measurement* fastest = &tuning.measured[0];
    for (const Measurement& one : tuning.measured) {
        INFO(one.problem);
        CHECK(one.problem.empty());
        CHECK(one.seconds > 0);
        if (one.seconds < fastest->seconds) fastest = &one;
    }
    CHECK(tuning.tiles == fastest->tiles);
}

TEST_CASE_METHOD(DeviceFixture, "tuner: without time the first choice is tried all the same") {
    const Tuning tuning = tune(device, network(), small_table(device), 0);
    CHECK(tuning.measured.size() == 1);
    CHECK(tuning.tiles == default_tiles(device.info().kind, 3));
}

TEST_CASE_METHOD(DeviceFixture, "tuner: a kernel that computes wrongly is never taken, however fast") {
    const TileTable table = small_table(device);
    const PlanMaker make = [&](const ParameterBuffers& parameters, const FusedLayout& layout,
                               std::uint32_t batch,
                               const FusedTiles& tiles) -> std::unique_ptr<TrainingPlan> {
        if (tiles.backward == table.backward[1]) return std::make_unique<IdlePlan>();
        return std::make_unique<FusedPlan>(device, network(), parameters, layout, batch, tiles);
    };
    const Tuning tuning = tune(device, network(), table, 1000, make);
    REQUIRE(tuning.measured.size() == 2);
    CHECK_FALSE(tuning.measured[1].problem.empty());
    CHECK(tuning.tiles.backward == table.backward[0]);
}

TEST_CASE_METHOD(DeviceFixture, "tuner: where no choice is right there is an error that says what to do") {
    const PlanMaker idle = [](const ParameterBuffers&, const FusedLayout&, std::uint32_t, const FusedTiles&) {
        return std::make_unique<IdlePlan>();
    };
    CHECK_THROWS_WITH(tune(device, network(), small_table(device), 1000, idle),
                      ContainsSubstring("--plan stack"));
}

TEST_CASE_METHOD(DeviceFixture,
                 "tuner: what was measured is kept, and anything damaged or foreign is not believed") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    const TileTable table = small_table(device);
    const TileStore store(device, *match_fused(network()).network);
    CHECK_FALSE(store.read(table).has_value());
    const FusedTiles tiles{table.forward[0], table.backward[1]};
    store.write(tiles);
    REQUIRE(store.read(table) == tiles);
    const TileStore other(device, *match_fused(two_layer_network({.hidden = 5})).network);
    CHECK_FALSE(other.read(table).has_value());

    std::ofstream(store.path()) << "{\"device\": 3";
    CHECK_FALSE(store.read(table).has_value());
    // Numbers that no table has are not to be asked of a device.
    FusedTiles foreign = tiles;
    foreign.forward.strip = 100000;
    store.write(foreign);
    CHECK_FALSE(store.read(table).has_value());
    const Tuning again = tiles_for(device, network(), true);
    CHECK(again.source == "measured now");
    CHECK(tiles_for(device, network(), true).source == "measured before");
    CHECK(tiles_for(device, network(), true).tiles == again.tiles);
}

TEST_CASE_METHOD(DeviceFixture, "tuner: without measuring there are the defaults") {
    const Tuning tuning = tiles_for(device, network(), false);
    CHECK(tuning.source == "defaults");
    CHECK(tuning.measured.empty());
    CHECK(tuning.tiles == default_tiles(device.info().kind, 3));
}

TEST_CASE_METHOD(DeviceFixture,
                 "tuner: where nothing can be kept, what was measured stays known until the end") {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "file") << "in the way";
    const ScopedVariable scope("XDG_CACHE_HOME", (folder / "file").string());
    const Network other = two_layer_network({.hidden = 4});
    const Tuning first = tiles_for(device, other, true);
    CHECK(first.source == "measured now");
    const Tuning second = tiles_for(device, other, true);
    CHECK(second.source == "measured before");
    CHECK(second.tiles == first.tiles);
}
