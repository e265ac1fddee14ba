// The plan and the tiles of a run: chosen once, kept, and taken again when it goes on.
#include <algorithm>
#include <filesystem>
#include <string>
#include <tuple>

#include "base/error.h"
#include "base/file.h"
#include "engine/plan_tiles.h"
#include "engine/two_layer/tile_table.h"
#include "model/network_text.h"
#include "train/run.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a resumed run has the plan it was begun with") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.plan = PlanKind::stack;
    Watcher first;
    first.stop_after = 2;
    scene.run(options, first);
    CHECK(first.plan.reason == "asked for; tiles: the tests'");
    options.resume = true;
    options.plan = PlanKind::fused;
    CHECK(contains(scene.refusal(options), "begun with plan stack, and now it is fused"));
    options.plan = PlanKind::automatic;
    Watcher second;
    CHECK(scene.run(options, second) == RunEnd::finished);
    CHECK(second.plan.kind == PlanKind::stack);
    CHECK(second.plan.reason == "the run was begun with it; tiles: those it was begun with");
    CHECK(read_config(options.output / "config.json").plan == PlanKind::stack);
}

TEST_CASE("a run whose config.json names no plan is resumed with any") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    Watcher first;
    first.stop_after = 2;
    scene.run(options, first);
    options.plan = PlanKind::automatic;
    write_file_atomically(options.output / "config.json", config_text(options, "a device"));
    options.resume = true;
    SECTION("the automatic one") {
        Watcher second;
        CHECK(scene.run(options, second) == RunEnd::finished);
        CHECK(second.plan.kind == PlanKind::fused);
        CHECK(second.plan.reason ==
              "the network has the form it takes; tiles: defaults of now, as it is not known which it was "
              "begun with");
    }
    SECTION("one that is asked for") {
        options.plan = PlanKind::stack;
        CHECK(scene.run(options) == RunEnd::finished);
    }
    CHECK(read_config(options.output / "config.json").plan != PlanKind::automatic);
}

TEST_CASE("a run that was trained layer by layer goes on with the stack plan, which is said once") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.plan = PlanKind::stack;
    options.epochs = 3;
    Watcher whole, first, second, third;
    scene.run(options, whole);
    options.output = scene.folder / "old";
    first.stop_after = 2;
    scene.run(options, first);
    TrainOptions before = read_config(options.output / "config.json");
    before.plan = GENERATE(PlanKind::layerwise, PlanKind::automatic);
    write_file_atomically(options.output / "config.json", config_text(before, "a device"));
    options.resume = true;
    options.plan = PlanKind::fused;
    if (before.plan == PlanKind::layerwise) CHECK(contains(scene.refusal(options), "begun with plan stack"));
    options.plan = GENERATE(PlanKind::layerwise, PlanKind::stack);
    CHECK(scene.run(options, second) == RunEnd::finished);
    CHECK(std::ranges::count(second.notes, layerwise_note) == 1);
    // What is kept of standard output says it too.
    CHECK(contains(second.plan.reason, "as layerwise, whose last digits differ; tiles: those it was begun"));
    CHECK(read_config(options.output / "config.json").plan == PlanKind::stack);
    CHECK(second.records.back().train_loss == whole.records.back().train_loss);
    options.epochs = 4;
    options.plan = PlanKind::automatic;
    CHECK(scene.run(options, third) == RunEnd::finished);
    CHECK(std::ranges::count(third.notes, layerwise_note) == 0);
}

TEST_CASE("a run whose tiles are not known here goes on with the defaults, which is said once") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.plan = GENERATE(PlanKind::stack, PlanKind::fused);
    options.epochs = 3;
    Watcher first, second, third;
    first.stop_after = 2;
    scene.run(options, first);
    const std::filesystem::path config = options.output / "config.json";
    TrainOptions before = read_config(config);
    const auto [tiles, why, source] =
        GENERATE(std::tuple("", "does not tell which tiles the run was begun with, as an earlier version",
                            "tiles: defaults of now, as it is not known"),
                 std::tuple("of another device", "names tiles that this device does not have",
                            "tiles: defaults, not those it was begun with"));
    before.tiles = tiles;
    write_file_atomically(config, config_text(before, "a device"));
    const auto told = [&](const Watcher& watcher) {
        return std::ranges::count_if(watcher.notes, [](const std::string& note) {
            return contains(note, "the defaults of now, whose results may differ in the last digits");
        });
    };
    CHECK(told(first) == 0);
    options.resume = true;
    CHECK(scene.run(options, second) == RunEnd::finished);
    CHECK(told(second) == 1);
    CHECK(std::ranges::any_of(second.notes, [&](const std::string& note) { return contains(note, why); }));
    CHECK(contains(second.plan.reason, source));
    options.epochs = 4;
    CHECK(scene.run(options, third) == RunEnd::finished);
    CHECK(told(third) == 0);
}

TEST_CASE("a run of a network without tiles goes on without a word of them") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.network.given = parse_network("input 3, norm, tanh, add input", "here");
    Watcher first, second;
    first.stop_after = 2;
    scene.run(options, first);
    CHECK(read_config(options.output / "config.json").tiles == "");
    options.resume = true;
    CHECK(scene.run(options, second) == RunEnd::finished);
    for (const std::string& note : second.notes) CHECK_FALSE(contains(note, "tiles"));
    CHECK(contains(second.plan.reason, "; tiles: defaults"));
}

TEST_CASE("a run keeps its tiles, and a resumed one does not choose again") {
    const RunScene scene;
    const ValidatedDevice device;
    TrainOptions options = scene.options("run");
    const TileTable table = tile_table((*device).info().kind, options.network.two_layer.kernel);
    const FusedTiles tiles{table.forward.back(), table.backward.back()};
    const ChosenTiles other{tiles, "measured now"};
    Watcher first, second;
    first.stop_after = 2;
    run_training(*device, options, first, first.stop,
                 [&](const Device&, const Network&, PlanKind, const Shape&) { return other; });
    CHECK(contains(first.plan.reason, "tiles: measured now"));
    CHECK(read_config(options.output / "config.json").tiles == to_string(tiles));
    options.resume = true;
    run_training(*device, options, second, second.stop,
                 [](const Device&, const Network&, PlanKind, const Shape&) -> ChosenTiles {
                     throw std::logic_error("a resumed run has its tiles");
                 });
    CHECK(contains(second.plan.reason, "tiles: those it was begun with"));
    CHECK(read_config(options.output / "config.json").tiles == to_string(tiles));
}

TEST_CASE(
    "a run of the stack plan keeps the tiles of each class of layers, and has the same bits with them") {
    const RunScene scene;
    const ValidatedDevice device;
    TrainOptions options = scene.options("run");
    options.plan = PlanKind::stack;
    options.epochs = 3;
    std::string chosen;
    // The last of each table.
    const auto choose = [&](const Device& used, const Network& network, PlanKind plan, const Shape& batch) {
        StackTiles tiles = default_plan_tiles(used, network, plan, batch).stack;
        for (auto& [layer, of_layer] : tiles) {
            const LayerTable table = layer_table(used.info().kind, layer);
            of_layer = {table.forward.back(), table.input.back(), weight_choices(table).back()};
        }
        chosen = to_string(tiles);
        return ChosenTiles{tiles, "measured now"};
    };
    Watcher whole, first, second;
    run_training(*device, options, whole, whole.stop, choose);
    options.output = scene.folder / "halved";
    first.stop_after = 2;
    run_training(*device, options, first, first.stop, choose);
    CHECK(read_config(options.output / "config.json").tiles == chosen);
    options.resume = true;
    run_training(*device, options, second, second.stop,
                 [](const Device&, const Network&, PlanKind, const Shape&) -> ChosenTiles {
                     throw std::logic_error("a resumed run has its tiles");
                 });
    CHECK(contains(second.plan.reason, "tiles: those it was begun with"));
    CHECK(read_config(options.output / "config.json").tiles == chosen);
    CHECK(second.records.back().train_loss == whole.records.back().train_loss);
}

TEST_CASE("a run that is stopped while its tiles are chosen leaves nothing, and can be begun again") {
    const RunScene scene;
    const TrainOptions options = scene.options("run");
    Watcher watcher;
    watcher.epochs_done = 77;
    const auto stopped = [&](const Device&, const Network&, PlanKind, const Shape&) -> ChosenTiles {
        watcher.stop = true;
        throw Stopped();
    };
    CHECK(run_training(*ValidatedDevice(), options, watcher, watcher.stop, stopped) == RunEnd::stopped);
    CHECK(watcher.epochs_done == 77);  // on_start() was not called
    CHECK_FALSE(std::filesystem::exists(options.output));
    CHECK(scene.run(options) == RunEnd::finished);
}
