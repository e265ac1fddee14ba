#include "tune/tuner.h"

#include <algorithm>
#include <atomic>
#include <fstream>

#include "base/error.h"
#include "base/file_tools.h"
#include "check/kernel_cases.h"
#include "check/tolerance.h"
#include "device_fixture.h"
#include "engine/stack/layer_classes.h"
#include "engine/two_layer/fused.h"
#include "gpu/gpu_test_tools.h"
#include "model/presets.h"
#include "tune/tile_store.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

/// Does nothing at all, and so is faster than any plan that is right.
class IdlePlan : public TrainingPlan {
  public:
    std::unique_ptr<BatchSource> make_source(const Examples&) override { return nullptr; }
    void share_step(Recorder&, const Batch&, const BatchShares&, const StepRecord&) override {}
    void begin_step(Recorder&, std::uint64_t, const BatchShares&) override {}
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

/// What tune_fused() chooses, and how.
struct Tuned {
    FusedTiles tiles;
    std::vector<Measurement> measured;
};

Tuned tuned(const Device& device, const TileTable& table, double seconds, const PlanMaker& make = {}) {
    Trials trials(seconds);
    const FusedTiles tiles = tune_fused(device, network(), table, trials, make);
    return {tiles, trials.measured()};
}

Tuning fused_for(const Device& device, const Network& network, bool measure) {
    return tiles_for(device, network, PlanKind::fused, {2, 3, 64, 64}, measure);
}

/// Of two classes of layers: that of the second and third has more operations.
const Network& stack_network() {
    static const Network network{any_size(3),
                                 {Conv{"conv1", 3, 5, 3}, BatchNorm{"norm1", 5}, Conv{"conv2", 5, 21, 3},
                                  Activation{ActivationKind::relu}, Conv{"conv3", 21, 21, 3}}};
    return network;
}

constexpr Shape stack_batch{2, 3, 40, 48};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "tuner: tries the whole table when there is time, and takes the fastest") {
    const Tuned tuning = tuned(device, small_table(device), 1000);
    REQUIRE(tuning.measured.size() == 2);
    const Measurement* fastest = &tuning.measured[0];
    for (const Measurement& one : tuning.measured) {
        INFO(one.problem);
        CHECK(one.problem.empty());
        CHECK(one.seconds > 0);
        if (one.seconds < fastest->seconds) fastest = &one;
    }
    CHECK(to_string(tuning.tiles) == fastest->tiles);
}

TEST_CASE_METHOD(DeviceFixture, "tuner: without time the first choice is tried all the same") {
    const Tuned tuning = tuned(device, small_table(device), 0);
    CHECK(tuning.measured.size() == 1);
    CHECK(tuning.tiles == default_tiles(device.info().kind, 3));
}

TEST_CASE_METHOD(DeviceFixture, "tuner: no rectifier's kink is taken for a wrong result") {
    for (const char* activation : {"relu", "leaky_relu"}) {
        for (const std::uint32_t hidden : {16u, 32u}) {
            INFO(activation << " " << hidden);
            Trials trials(0);
            tune_fused(device,
                       two_layer_network(
                           {.hidden = hidden, .activation = activation, .padding = PicturePadding::edge}),
                       small_table(device), trials, {});
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "tuner: a kernel that computes wrongly is never taken, however fast") {
    const TileTable table = small_table(device);
    const PlanMaker make = [&](const ParameterBuffers& parameters, const FusedLayout& layout,
                               std::uint32_t batch,
                               const FusedTiles& tiles) -> std::unique_ptr<TrainingPlan> {
        if (tiles.backward == table.backward[1]) return std::make_unique<IdlePlan>();
        return std::make_unique<FusedPlan>(device, network(), parameters, layout, batch, tiles);
    };
    const Tuned tuning = tuned(device, table, 1000, make);
    REQUIRE(tuning.measured.size() == 2);
    CHECK_FALSE(tuning.measured[1].problem.empty());
    CHECK(tuning.tiles.backward == table.backward[0]);
}

TEST_CASE_METHOD(DeviceFixture, "tuner: where no choice is right there is an error that says what to do") {
    const PlanMaker idle = [](const ParameterBuffers&, const FusedLayout&, std::uint32_t, const FusedTiles&) {
        return std::make_unique<IdlePlan>();
    };
    CHECK_THROWS_WITH(tuned(device, small_table(device), 1000, idle), ContainsSubstring("--plan stack"));
}

TEST_CASE_METHOD(DeviceFixture,
                 "tuner: what was measured is kept, and anything damaged or foreign is not believed") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    const std::vector<const char*> shaders{"fused_forward", "fused_backward"};
    const TileStore store(device, shaders, "kernel 3");
    CHECK_FALSE(store.read().has_value());
    store.write("forward 8");
    REQUIRE(store.read() == "forward 8");
    CHECK_FALSE(TileStore(device, shaders, "kernel 5").read().has_value());
    CHECK_FALSE(TileStore(device, {"fused_forward"}, "kernel 3").read().has_value());
    std::ofstream(store.path()) << "{\"device\": 3";
    CHECK_FALSE(store.read().has_value());
}

TEST_CASE_METHOD(DeviceFixture, "tuner: what was kept is used, but numbers that no table has are not") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    const Tuning first = fused_for(device, network(), true);
    CHECK(first.source.starts_with("measured now, "));
    CHECK(fused_for(device, network(), true).source == "measured before");
    CHECK(fused_for(device, network(), true).tiles == first.tiles);
    // Numbers that no table has are not to be asked of a device.
    for (const auto& file : std::filesystem::directory_iterator(folder / "shadenet")) {
        std::string text = test::text_of(file.path());
        text.replace(text.find("\"forward ") + 9, 0, "1000");
        std::ofstream(file.path()) << text;
    }
    CHECK(fused_for(device, network(), true).source.starts_with("measured now, "));
}

TEST_CASE_METHOD(DeviceFixture, "tuner: without measuring there are the defaults") {
    const Tuning tuning = fused_for(device, network(), false);
    CHECK(tuning.source == "defaults");
    CHECK(tuning.measured.empty());
    CHECK(tuning.tiles.fused == default_tiles(device.info().kind, 3));
    const Tuning stack = tiles_for(device, stack_network(), PlanKind::stack, stack_batch, false);
    CHECK(stack.tiles.stack.size() == 3);
    for (const auto& [layer, tiles] : stack.tiles.stack) {
        CHECK(tiles == default_layer_tiles(device.info().kind, layer));
    }
}

TEST_CASE_METHOD(DeviceFixture,
                 "tuner: where nothing can be kept, what was measured stays known until the end") {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "file") << "in the way";
    const ScopedVariable scope("XDG_CACHE_HOME", (folder / "file").string());
    const Tuning first = fused_for(device, network(), true);
    CHECK(first.source.starts_with("measured now, "));
    const Tuning second = fused_for(device, network(), true);
    CHECK(second.source == "measured before");
    CHECK(second.tiles == first.tiles);
}

TEST_CASE_METHOD(DeviceFixture, "tuner: of the stack plan, every class and pass in time, and then kept") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    Trials trials(1000);
    const StackTiles tiles = tune_stack(device, stack_network(), stack_batch, trials);
    CHECK(tiles.size() == 3);
    for (const Measurement& one : trials.measured()) {
        INFO(one.tiles);
        CHECK(one.problem == "");
        CHECK(one.seconds > 0);
    }
    // Of other numbers of threads only those that make other splits: the first layer has a split for each row
    // with any of them.
    std::size_t choices = 0, of_threads = 0;
    for (const auto& [layer, of_layer] : tiles) {
        const LayerTable table = layer_table(device.info().kind, layer);
        of_threads += table.least_threads.size();
        choices += table.forward.size() + table.weights.size();
        if (layer.in_blocks > 1) choices += table.input.size();  // not of the first layer
        CHECK(find_tiles(table, to_string(of_layer)) == of_layer);
    }
    const auto has_threads = [](const Measurement& one) { return one.tiles.ends_with(" threads"); };
    const auto tried = static_cast<std::size_t>(std::ranges::count_if(trials.measured(), has_threads));
    CHECK(trials.measured().size() - tried == choices);
    CHECK(tried > 0);
    CHECK(tried < of_threads);
    CHECK(trials.measured().front().tiles.starts_with("6 to 6 blocks 3x3"));

    const Tuning again = tiles_for(device, stack_network(), PlanKind::stack, stack_batch, true);
    CHECK(again.source == "measured before");
    CHECK(again.tiles.stack == tiles);
    const std::vector<UnitLayer> layers = unit_layers(device, stack_network(), stack_batch);
    CHECK(find_tiles(device.info().kind, classes_of(layers), to_string(tiles)) == tiles);

    // Other networks with a class may have other numbers of rows, and find no number of threads.
    for (const UnitLayer& layer : layers) {
        LayerTiles of_class = tiles.at(layer.layer_class());
        of_class.weights.least_threads = WeightTile::usual_threads;
        const TileStore store(
            device, {"stack_gemm", "stack_gemm_staged", "stack_weight_gradient"},
            to_string(layer.layer_class()) + (layer.needs_dx ? "" : ", no gradient to the input"));
        CHECK(store.read() == to_string(of_class));
    }
}

TEST_CASE_METHOD(DeviceFixture, "tuner: of the stack plan, tiles whose results are wrong are never taken") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    const auto wrong = [](const Device&, const WeightLayerCase&) {
        return std::vector{compare("y", std::vector{1.0f}, std::vector{2.0}, {1, 1, 1, 1}, tolerance::exact)};
    };
    Trials trials(1000);
    CHECK_THROWS_AS(tune_stack(device, stack_network(), stack_batch, trials, wrong), WorkError);

    const auto wrong_but_defaults = [&](const Device& on, const WeightLayerCase& one) {
        const StackTiles defaults =
            default_plan_tiles(on, stack_network(), PlanKind::stack, stack_batch).stack;
        const bool right =
            std::ranges::any_of(defaults, [&](const auto& of) { return of.second == one.tiles; });
        return right ? std::vector<Comparison>() : wrong(on, one);
    };
    const StackTiles tiles = tune_stack(device, stack_network(), stack_batch, trials, wrong_but_defaults);
    CHECK(PlanTiles(tiles) == default_plan_tiles(device, stack_network(), PlanKind::stack, stack_batch));
}

TEST_CASE_METHOD(DeviceFixture, "tuner: tells of each trial, and of a stop nothing is kept for the network") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    std::atomic<bool> stop = false;
    std::vector<double> told;
    const TrialsWatch watch{.stop = &stop, .on_trial = [&](double seconds, double most) {
                                CHECK(most == 5);
                                told.push_back(seconds);
                                stop = told.size() == 1;
                            }};
    const auto tune = [&] {
        return tiles_for(device, stack_network(), PlanKind::stack, stack_batch, true, watch);
    };
    CHECK_THROWS_AS(tune(), Stopped);
    CHECK(told.size() == 1);
    stop = true;
    CHECK_THROWS_AS(tune(), Stopped);  // at once
    stop = false;
    CHECK(tune().source.starts_with("measured now, "));
    CHECK(told.size() > 1);
    CHECK(std::ranges::is_sorted(told.begin() + 1, told.end()));
    told.clear();
    CHECK(tune().source == "measured before");
    CHECK(told.empty());
}

TEST_CASE_METHOD(DeviceFixture,
                 "tuner: of the stack plan, without time the defaults but for the first trial") {
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    Trials trials(0);
    const StackTiles tiles = tune_stack(device, stack_network(), stack_batch, trials);
    CHECK(trials.measured().size() == 1);
    CHECK(PlanTiles(tiles) == default_plan_tiles(device, stack_network(), PlanKind::stack, stack_batch));

    // The next run has the same, and so the same bits.
    const Tuning again = tiles_for(device, stack_network(), PlanKind::stack, stack_batch, true);
    CHECK(again.source == "measured before");
    CHECK(again.tiles.stack == tiles);
}
