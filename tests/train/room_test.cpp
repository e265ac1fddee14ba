// What a device cannot hold is refused before anything is decoded, and the size that the message names works.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "engine/stack/memory_plan.h"
#include "engine/tensors/packed.h"
#include "engine/training_limits.h"
#include "model/network_text.h"
#include "model/presets.h"
#include "same_bits.h"
#include "train/run_inputs.h"
#include "train/run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// The tests' device, as if it bound and allocated no more than so much.
std::unique_ptr<Device> small_device(std::uint64_t binding, std::uint64_t allocation) {
    const auto instance = Instance::create();
    const auto devices = list_devices(*instance);
    DeviceInfo info = devices[choose_device(devices, "").index];
    info.max_storage_range = std::min(info.max_storage_range, binding);
    info.max_allocation = std::min(info.max_allocation, allocation);
    return std::make_unique<Device>(instance, info, "as if it were small");
}

/// The tests' device, as if it had so much memory.
std::unique_ptr<Device> device_of_memory(std::uint64_t bytes) {
    const auto instance = Instance::create();
    const auto devices = list_devices(*instance);
    DeviceInfo info = devices[choose_device(devices, "").index];
    info.memory_bytes = bytes;
    return std::make_unique<Device>(instance, info, "as if its memory were short");
}

/// The least memory of which obstacle() says that it holds the run.
std::uint64_t least_memory(const TrainingNeeds& needs, DeviceKind kind = DeviceKind::discrete) {
    DeviceInfo info;
    info.kind = kind;
    info.max_storage_range = info.max_allocation = std::uint64_t{1} << 40;
    std::uint64_t fails = 0, fits = std::uint64_t{1} << 40;
    while (fits - fails > 1) {
        info.memory_bytes = fails + (fits - fails) / 2;
        (obstacle(info, needs).empty() ? fits : fails) = info.memory_bytes;
    }
    return fits;
}

RunEnd run_on(const Device& device, const TrainOptions& options, Watcher& watcher) {
    return run_training(device, options, watcher, watcher.stop);
}

/// The number after "--size that fits is ".
std::uint32_t named_size(const std::string& message) {
    constexpr std::string_view words = "the largest --size that fits is ";
    const std::size_t at = message.find(words);
    REQUIRE(at != std::string::npos);
    return static_cast<std::uint32_t>(std::atoi(message.c_str() + at + words.size()));
}

}  // namespace

TEST_CASE("a run that is too large for the device is refused early, and the size that is named works") {
    const RunScene scene;
    struct Case {
        PlanKind plan;
        bool validation, histograms;
        std::uint64_t binding, allocation;
    };
    // The floor takes up to 4 MiB at a time, which every device binds.
    constexpr std::uint64_t plenty = 1 << 30, binding = 4'600'000;
    const auto one = GENERATE(Case{PlanKind::fused, false, true, binding, plenty},
                              Case{PlanKind::fused, false, false, plenty, 2'500'000},
                              Case{PlanKind::stack, true, false, binding, plenty});
    CAPTURE(one.plan, one.validation, one.histograms, one.binding, one.allocation);
    TrainOptions options = scene.options("new/run");
    options.epochs = 1;
    options.plan = one.plan;
    options.histograms = one.histograms;
    options.size = 900;
    options.test = fs::path();
    if (!one.validation) options.validation_input = options.validation_target = fs::path();
    const auto device = small_device(one.binding, one.allocation);
    const auto refusal = [&] {
        return message_of<InputError>([&] {
            Watcher watcher;
            run_on(*device, options, watcher);
        });
    };
    // Its header is fine.
    const std::string whole = file_text(options.input / "p0.png");
    std::string damaged = whole;
    damaged.replace(damaged.find("IDAT") + 4, 9, "\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    write_file_atomically(options.input / "p0.png", damaged);
    const std::uint32_t size = named_size(refusal());
    CHECK_FALSE(fs::exists(scene.folder / "new"));
    CHECK(size > 8);
    CHECK(size < 900);
    write_file_atomically(options.input / "p0.png", whole);
    options.size = size + 1;
    CHECK(named_size(refusal()) == size);
    options.size = size;
    Watcher watcher;
    CHECK(run_on(*device, options, watcher) == RunEnd::finished);
}

TEST_CASE("where memory is short, activations are made again, and the run has the same bits") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.plan = PlanKind::stack;
    options.network.given = dncnn_network({.hidden = 8, .depth = 6});
    const TrainingNeeds needs{.network = options.network.network(),
                              .plan = options.plan,
                              .training = {5, 15, 11},
                              .validation = {3, 15, 11},
                              .batch = options.batch};
    const std::uint64_t least = least_memory(needs);
    const Shape batch{options.batch, 3, 11, 15};
    const std::uint64_t plain = feature_map_bytes(needs.network, batch, Purpose::training);
    DeviceInfo info;
    info.memory_bytes = least;
    info.max_allocation = std::uint64_t{1} << 40;
    CHECK(feature_map_room(info, needs) < plain);

    Watcher ample, meagre;
    CHECK(run_on(*device_of_memory(std::uint64_t{1} << 40), options, ample) == RunEnd::finished);
    CHECK_FALSE(ample.feature_maps.remade);
    CHECK(ample.feature_maps.bytes == plain);
    fs::remove_all(options.output);
    CHECK(run_on(*device_of_memory(least), options, meagre) == RunEnd::finished);
    CHECK(meagre.feature_maps.remade);
    CHECK(meagre.feature_maps.bytes == feature_map_bytes(needs.network, batch, Purpose::training, 0));
    CHECK(meagre.feature_maps.bytes < plain);
    CHECK(same_bits(ample.latest, meagre.latest));
}

TEST_CASE("a GPU's smaller tiles leave more partial sums") {
    const TrainingNeeds needs{.network = dncnn_network({.hidden = 32, .depth = 3}),
                              .plan = PlanKind::stack,
                              .training = {1, 400, 400},
                              .batch = 8};
    // Two values a channel of 4 pixels or 8: half of a feature map or a quarter, and a quarter more for
    // strides.
    const std::uint64_t map = packed_bytes({8, 32, 400, 400});
    CHECK(least_memory(needs, DeviceKind::discrete) - least_memory(needs, DeviceKind::software) ==
          map / 4 / 4 * 5);
}

TEST_CASE("the largest side is the last that fits, and none where nothing does") {
    DeviceInfo info;
    info.max_storage_range = 128 << 20;
    info.max_allocation = info.memory_bytes = std::uint64_t{1} << 40;
    TrainingNeeds needs{.network = two_layer_network({}), .training = {3, 3600, 3600}, .batch = 1};
    CHECK(contains(obstacle(info, needs), "in one binding, and the device binds 128 MiB"));
    // A pair is (side + 4)² pixels of six floats.
    CHECK(largest_side(info, needs, 16'384) == 2360);
    CHECK(largest_side(info, needs, 1000) == 1000);
    info.max_allocation = 128 << 20;
    needs.training = {3, 2000, 2000};
    TrainingNeeds layers = needs;
    layers.plan = PlanKind::stack;
    layers.training.count = 1;
    CHECK(contains(obstacle(info, layers),
                   "conv1's 16 channels of 2000x2000 pixels take 244 MiB in one binding"));
    CHECK(contains(message_of<InputError>([&] { require_fit(info, layers, 16'384); }),
                   "; the largest --size that fits is 1448"));
    CHECK(contains(obstacle(info, needs), "in one buffer, and the device allocates 128 MiB"));
    CHECK(largest_side(info, needs, 16'384) == 1361);
    needs.training.count = 1 << 30;
    CHECK(largest_side(info, needs, 16'384) == 0);
    needs.training.count = 1;
    info.memory_bytes = 1 << 20;
    needs.training = {1, 300, 300};
    CHECK(contains(obstacle(info, needs), "the run takes"));
    CHECK(largest_side(info, needs, 16'384) < 200);
}

TEST_CASE("sets that are scored in both ways count with the run") {
    const Network network = parse_network("input 1x28x28, dense 100, norm, relu, dense 10", "");
    TrainingNeeds needs{.network = network,
                        .plan = PlanKind::stack,
                        .training = {100, 28, 28, true},
                        .batch = 10,
                        .labels = true};
    const std::uint64_t plain = least_memory(needs);
    needs.scored = {{60'000, 28, 28, true}, {10'000, 28, 28, true}};
    const std::uint64_t both = least_memory(needs);
    // An eighth more is left to others.
    CHECK(both - plain > 70'000 * 784);
    CHECK(both - plain < 4 * 70'000 * 784);
    DeviceInfo info;
    info.max_storage_range = info.max_allocation = std::uint64_t{1} << 40;
    info.memory_bytes = plain;
    CHECK(contains(message_of<InputError>([&] { require_fit(info, needs, 4096); }),
                   "; use a smaller --size or --batch, fewer pictures, no --evaluate-both, or a network with "
                   "fewer channels"));
    info.memory_bytes = both;
    const std::uint64_t room = feature_map_room(info, needs);
    needs.scored.clear();
    CHECK(room < feature_map_room(info, needs));
}

TEST_CASE("a smaller --size is advised where it can be given") {
    DeviceInfo info;
    info.max_storage_range = info.max_allocation = 1 << 20;
    info.memory_bytes = std::uint64_t{1} << 40;
    TrainingNeeds needs{.network = parse_network("input 3x256x256, dense 100, relu, dense 10", ""),
                        .plan = PlanKind::stack,
                        .training = {20, 256, 256, true},
                        .batch = 10,
                        .labels = true};
    const auto refusal = [&] { return message_of<InputError>([&] { require_fit(info, needs, 4096); }); };
    CHECK(contains(refusal(), "; use a smaller --size or --batch, fewer pictures, or a network with fewer"));
    needs.resizable = false;  // as IDX has them
    CHECK(contains(refusal(), "; use a smaller --batch, fewer pictures, or a network with fewer channels"));
    needs.network = parse_network("input 3, conv 4 3x3, relu, average, dense 10", "");
    needs.training = {20, 4096, 4096, true};
    CHECK(contains(refusal(), "; use a smaller --batch, fewer pictures, or a network with fewer channels"));
    needs.resizable = true;
    CHECK(contains(refusal(), "; the largest --size that fits is "));
}

TEST_CASE("weights that the device cannot bind are named") {
    DeviceInfo info;
    info.max_storage_range = info.max_allocation = 1 << 20;
    info.memory_bytes = std::uint64_t{1} << 40;
    const TrainingNeeds needs{.network = parse_network("input 3x256x256, dense 100, relu, dense 10", ""),
                              .plan = PlanKind::stack,
                              .training = {1, 256, 256, true},
                              .batch = 1,
                              .labels = true};
    CHECK(obstacle(info, needs) ==
          "the weights of fc1 take 75 MiB in one binding, and the device binds 1.00 MiB");
}

TEST_CASE("the fused plan has no other copy of the pictures than its own") {
    DeviceInfo info;
    info.max_storage_range = info.max_allocation = std::uint64_t{1} << 40;
    // 64 pairs of 304² words are 45 MiB; as floats without margins they are 132 MiB.
    info.memory_bytes = 60 << 20;
    TrainingNeeds needs{.network = two_layer_network({}), .training = {64, 300, 300, true}, .batch = 1};
    CHECK(obstacle(info, needs).empty());
    needs.plan = PlanKind::stack;
    needs.training.whole_levels = false;
    CHECK(contains(obstacle(info, needs), "the run takes"));
}

TEST_CASE("the stack plan keeps pictures of 8 bits as bytes, those of training and of validation") {
    DeviceInfo info;
    info.max_storage_range = info.max_allocation = std::uint64_t{1} << 40;
    // 64 pairs of 300² pixels are 33 MiB as bytes, and 132 MiB as floats; feature maps take some 20 MiB.
    info.memory_bytes = 100 << 20;
    TrainingNeeds needs{.network = two_layer_network({}), .plan = PlanKind::stack, .batch = 1};
    for (PictureExtent* extent : {&needs.training, &needs.validation}) {
        needs.training = needs.validation = {1, 300, 300, true};
        *extent = {64, 300, 300, true};
        CHECK(obstacle(info, needs).empty());
        extent->whole_levels = false;
        CHECK(contains(obstacle(info, needs), "the run takes"));
    }
}

TEST_CASE("pictures of 8 bits take a third, unless the network sees another range of values") {
    DeviceInfo info;
    info.max_storage_range = 200'000;
    info.max_allocation = info.memory_bytes = std::uint64_t{1} << 40;
    PictureInputs inputs;
    inputs.training.pairs = {{"p0", "in/p0.png", "out/p0.png"}};
    inputs.training.sizes = {{100, 100}};
    TrainOptions options;
    options.size = 0;
    CHECK_NOTHROW(require_room(info, options, PlanKind::fused, inputs));
    inputs.training.whole_levels = false;
    CHECK_THROWS_AS(require_room(info, options, PlanKind::fused, inputs), InputError);
    inputs.training.whole_levels = true;
    options.network.two_layer.range = {-1, 1};
    CHECK_THROWS_AS(require_room(info, options, PlanKind::fused, inputs), InputError);
}

TEST_CASE("pictures that are cut may be larger than the device holds, and crops and their batches may not") {
    DeviceInfo info;
    info.max_storage_range = info.max_allocation = 4'000'000;
    info.memory_bytes = std::uint64_t{1} << 40;
    PictureInputs inputs;
    inputs.training.pairs.assign(9, {"p", "in/p.png", "out/p.png"});
    inputs.training.sizes.assign(9, {20'000, 16'000});
    TrainOptions options;
    options.batch = 8;
    for (const PlanKind plan : {PlanKind::fused, PlanKind::stack}) {
        const auto refusal = [&](std::uint32_t side) {
            inputs.crops = {side, 1000, false, 0};
            return message_of<InputError>([&] { require_room(info, options, plan, inputs); });
        };
        CHECK(refusal(32).empty());
        CHECK(contains(refusal(2000), "; the largest --size that fits is "));
        inputs.crops.reset();
        CHECK_THROWS_AS(require_room(info, options, plan, inputs), InputError);
    }
}

TEST_CASE("a new run that fails before it has learned anything leaves nothing behind") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.tensorboard = options.histograms = true;
    options.validate_every = 1;
    struct Failing : Watcher {
        std::uint32_t fail_at = 0;  ///< steps
        void on_start(const RunStart& start) override {
            Watcher::on_start(start);
            if (fail_at == 0) throw WorkError("made to fail");
        }
        void on_step(std::uint32_t, std::uint32_t, std::uint32_t) override {
            if (++steps == fail_at) throw WorkError("made to fail");
        }
    };
    Failing watcher;
    const auto fails = [&] { return message_of<WorkError>([&] { RunScene::run(options, watcher); }); };
    SECTION("of a folder that it has made") {
        CHECK(fails() == "made to fail");
        CHECK_FALSE(fs::exists(options.output));
    }
    SECTION("in a folder that was there, with what was in it") {
        watcher.fail_at = 2;
        fs::create_directories(options.output / "images");
        write_file_atomically(options.output / "images/before_else.png", "mine");
        CHECK(fails() == "made to fail");
        CHECK(files_of(options.output) == std::set<std::string>{"images/before_else.png"});
    }
    SECTION("where its pictures cannot be written") {
        fs::create_directories(options.output);
        write_file_atomically(options.output / "images", "a file");
        watcher.fail_at = 100;
        CHECK(contains(fails(), "images: cannot make the folder"));
        CHECK(files_of(options.output) == std::set<std::string>{"images"});
        fs::remove(options.output / "images");
    }
    CHECK(RunScene::run(options) == RunEnd::finished);
}

TEST_CASE("a run that fails after an epoch keeps what it has") {
    const RunScene scene;
    const TrainOptions options = scene.options("run");
    struct Failing : Watcher {
        void on_step(std::uint32_t epoch, std::uint32_t, std::uint32_t) override {
            if (epoch == 2) throw WorkError("made to fail");
        }
    };
    Failing watcher;
    CHECK(message_of<WorkError>([&] { RunScene::run(options, watcher); }) == "made to fail");
    CHECK(files_of(options.output).contains("history.csv"));
    TrainOptions again = options;
    again.resume = true;
    CHECK(RunScene::run(again) == RunEnd::finished);
}
