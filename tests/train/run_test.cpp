#include "train/run.h"

#include <algorithm>
#include <set>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "engine/picture_filter.h"
#include "model/model_file.h"
#include "model/network_text.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

TEST_CASE("a run fills its folder") {
    const RunScene scene;
    const TrainOptions options = scene.options("deep/run/");
    Watcher watcher;
    // Without a choice of tiles.
    CHECK(run_training(*ValidatedDevice(), options, watcher, watcher.stop) == RunEnd::finished);
    CHECK(watcher.images == std::vector<std::uint32_t>{5, 3, 2});
    CHECK(watcher.size == std::vector<std::uint32_t>{15, 11});
    CHECK(watcher.epochs_done == 0);
    CHECK(watcher.tensors == 12);
    CHECK(watcher.steps == 9);
    REQUIRE(watcher.records.size() == 3);
    CHECK(watcher.records[2].validation_loss);
    REQUIRE(watcher.notes.size() == 1);
    CHECK(contains(watcher.notes[0], "1 of 18 pictures is 1 pixel wide or high"));

    std::set<std::string> expected = {"config.json",         "model.safetensors", "checkpoint.safetensors",
                                      "history.csv",         "epochs.bin",        "images/test_wide.png",
                                      "images/test_dot.png", "floor.json"};
    for (int i = 0; i < 5; ++i) {
        expected.insert(fmt::format("images/before_p{}.png", i));
        expected.insert(fmt::format("images/after_p{}.png", i));
    }
    CHECK(files_of(options.output) == expected);
    CHECK(watcher.plan.kind == PlanKind::fused);
    CHECK(watcher.plan.reason == "the network has the form it takes; tiles: defaults");
    CHECK_FALSE(read_config(options.output / "config.json").tiles.empty());
    CHECK(read_config(options.output / "config.json").seed == options.seed);
    CHECK(read_config(options.output / "config.json").plan == PlanKind::fused);
    CHECK(same_bits(read_model(options.output / "model.safetensors").parameters,
                    read_model(options.output / "checkpoint.safetensors").parameters));
    const std::string history = file_text(options.output / "history.csv");
    CHECK(std::count(history.begin(), history.end(), '\n') == 4);
}

TEST_CASE("the pictures of a run are what its models make") {
    const RunScene scene;
    const TrainOptions options = scene.options("run");
    scene.run(options);
    const ValidatedDevice device;
    const Network network = options.network.network();
    const auto check_picture = [&](const Parameters& parameters, const fs::path& input, const char* name) {
        PictureFilter filter(*device, network, parameters);
        write_png(scene.folder / "expected.png", filter.apply(read_image(input).image));
        INFO(name);
        CHECK(read_image(scene.folder / "expected.png").image.values ==
              read_image(options.output / "images" / name).image.values);
    };
    const Parameters trained = read_model(options.output / "model.safetensors").parameters;
    check_picture(initial_parameters(network, options.seed), options.input / "p3.png", "before_p3.png");
    check_picture(trained, options.input / "p3.png", "after_p3.png");
    check_picture(trained, options.test / "wide.png", "test_wide.png");
}

TEST_CASE("a stopped and resumed run equals an uninterrupted one, byte for byte") {
    const RunScene scene;
    struct Case {
        PlanKind plan;
        std::vector<std::uint32_t> stops;
    };
    // Of nine steps, three an epoch: within the first, at its end, within the last, and after the very last.
    const auto [plan, stops] = GENERATE(Case{PlanKind::automatic, {1, 3, 8}}, Case{PlanKind::stack, {8, 9}});
    TrainOptions options = scene.options("straight");
    options.plan = plan;
    scene.run(options);
    for (const std::uint32_t stop_after : stops) {
        INFO(to_string(plan) << ", stopped after step " << stop_after);
        options = scene.options("stopped");
        options.plan = plan;
        Watcher first;
        first.stop_after = stop_after;
        CHECK(scene.run(options, first) == RunEnd::stopped);
        CHECK(first.steps == stop_after);
        CHECK(fs::exists(options.output / "checkpoint.safetensors"));

        options.resume = true;
        Watcher second;
        CHECK(scene.run(options, second) == RunEnd::finished);
        CHECK(second.epochs_done == stop_after / 3);
        CHECK(second.steps == 9 - stop_after);
        CHECK(files_of(scene.folder / "stopped") == files_of(scene.folder / "straight"));
        for (const std::string& name : files_of(scene.folder / "straight")) {
            if (name == "config.json" || name == "history.csv") continue;
            INFO(name);
            CHECK(file_text(scene.folder / "stopped" / name) == file_text(scene.folder / "straight" / name));
        }
        CHECK(timeless(scene.folder / "stopped/history.csv") ==
              timeless(scene.folder / "straight/history.csv"));
        fs::remove_all(options.output);
    }
}

TEST_CASE("a finished run says so, and more epochs go on with it") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 2;
    scene.run(options);
    options.resume = true;
    Watcher again;
    CHECK(scene.run(options, again) == RunEnd::finished);
    CHECK(again.steps == 0);
    REQUIRE(again.notes.size() == 2);
    CHECK(contains(again.notes[1], "this run is finished"));

    options.epochs = 1;
    CHECK(contains(scene.refusal(options), "--epochs is 1"));
    options.epochs = 3;
    CHECK(scene.run(options) == RunEnd::finished);
    CHECK(read_config(options.output / "config.json").epochs == 3);
    scene.run(scene.options("straight"));
    CHECK(file_text(scene.folder / "run/model.safetensors") ==
          file_text(scene.folder / "straight/model.safetensors"));
}

TEST_CASE("a resumed run must be the same run") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    scene.run(options);
    CHECK(contains(scene.refusal(options), "--resume"));
    options.resume = true;
    const auto refusal_after = [&](const auto& change) {
        TrainOptions changed = options;
        changed.epochs = 5;
        change(changed);
        const std::string before = file_text(options.output / "config.json");
        const std::string message = scene.refusal(changed);
        CHECK(file_text(options.output / "config.json") == before);
        return message;
    };
    using O = TrainOptions;
    CHECK(contains(refusal_after([](O& o) { o.network.two_layer.hidden = 6; }),
                   "begun with hidden 5, and now it is 6"));
    CHECK(contains(refusal_after([](O& o) { o.optimizer.kind = OptimizerKind::sgd; }), "optimizer adam"));
    CHECK(contains(refusal_after([](O& o) { o.optimizer.learning_rate = 1; }), "lr 0.01"));
    CHECK(contains(refusal_after([](O& o) { o.seed = 5; }), "seed 11"));
    CHECK(contains(refusal_after([](O& o) { o.batch = 3; }), "batch 2"));
    CHECK(contains(refusal_after([](O& o) { o.size = 8; }), "size 0"));
    CHECK(contains(refusal_after([](O& o) { o.output /= "none"; }), "holds no run"));
    CHECK_FALSE(fs::exists(options.output / "none"));
}

TEST_CASE("refused input leaves nothing behind") {
    const RunScene scene;
    TrainOptions options = scene.options("new/run");
    const auto refused = [&](const TrainOptions& changed) {
        const std::string message = scene.refusal(changed);
        CHECK_FALSE(fs::exists(scene.folder / "new"));
        return message;
    };
    TrainOptions changed = options;
    changed.epochs = 0;
    CHECK(contains(refused(changed), "--epochs"));
    changed = options;
    changed.target = scene.folder / "nowhere";
    CHECK(contains(refused(changed), "no such folder"));
    changed = options;
    changed.test = scene.folder / "nowhere";
    CHECK(contains(refused(changed), "no such file or folder"));
    changed = options;
    changed.init = scene.folder / "nowhere.safetensors";
    CHECK(contains(refused(changed), "no such file"));
    changed = options;
    changed.plan = PlanKind::fused;
    changed.network.two_layer.kernel = 7;
    CHECK(contains(refused(changed), "the fused plan takes kernels of 3 and 5, and not 7"));
    changed = options;
    changed.resume = true;
    CHECK(contains(refused(changed), "holds no run"));
    changed = options;
    changed.test = scene.folder / "broken";
    fs::create_directory(changed.test);
    std::string text = file_text(scene.folder / "test/wide.png");
    text.replace(text.find("IDAT") + 4, 9, "\xff\xff\xff\xff\xff\xff\xff\xff\xff");
    write_file_atomically(changed.test / "broken.png", text);
    CHECK(contains(refused(changed), "broken.png"));
    changed = options;
    changed.output = scene.folder / "input/p0.png/run";
    CHECK(contains(refused(changed), "is not a folder"));
}

TEST_CASE("an initial model is taken over when its network is the run's") {
    const RunScene scene;
    scene.run(scene.options("first"));
    TrainOptions options = scene.options("second");
    options.init = scene.folder / "first/model.safetensors";
    Watcher watcher;
    scene.run(options, watcher);
    CHECK(file_text(scene.folder / "second/images/before_p2.png") ==
          file_text(scene.folder / "first/images/after_p2.png"));
    options.output = scene.folder / "third";
    options.network.two_layer.hidden = 6;
    CHECK(contains(scene.refusal(options), "a model with hidden 5, and the run is to have 6"));
    CHECK_FALSE(fs::exists(options.output));
}

TEST_CASE("an initial model without metadata is taken over, and it is said what was assumed") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.init = scene.folder / "foreign.safetensors";
    SafeTensors file;
    append(file, initial_parameters(options.network.network(), 99));
    write_safetensors(options.init, file);
    Watcher watcher;
    scene.run(options, watcher);
    CHECK(std::count_if(watcher.notes.begin(), watcher.notes.end(), [&](const std::string& note) {
              return note.starts_with(options.init.string() + ": no architecture in the file");
          }) == 1);
    options.output = scene.folder / "other";
    options.network.two_layer.activation = "relu";
    const std::string message = scene.refusal(options);
    CHECK(contains(message, "a model with activation none, and the run is to have relu"));
    CHECK(contains(message, "assumed: activation none"));
}

TEST_CASE("a resumed run does without the model it began with") {
    const RunScene scene;
    scene.run(scene.options("first"));
    const fs::path init = scene.folder / "first/model.safetensors";
    TrainOptions options = scene.options("straight");
    options.init = init;
    scene.run(options);
    options.output = scene.folder / "stopped";
    Watcher watcher;
    watcher.stop_after = 4;
    CHECK(scene.run(options, watcher) == RunEnd::stopped);
    fs::remove(init);
    options.resume = true;
    // Not even for a picture that only that model makes, as the run has kept what it began with.
    const fs::path before = options.output / "images/before_p1.png";
    const std::string picture = file_text(before), epochs = file_text(options.output / "epochs.bin");
    fs::remove(before);
    write_file_atomically(options.output / "epochs.bin", "damaged");
    CHECK(contains(scene.refusal(options), "first/model.safetensors: "));
    write_file_atomically(options.output / "epochs.bin", epochs);
    CHECK(scene.run(options) == RunEnd::finished);
    CHECK(file_text(before) == picture);
    CHECK(file_text(options.output / "model.safetensors") ==
          file_text(scene.folder / "straight/model.safetensors"));
}

TEST_CASE("a loss that is no number keeps the last good checkpoint and the history up to there") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.optimizer.learning_rate = 1e38f;
    SECTION("within the first epoch") {
        const std::string message = message_of<WorkError>([&] { scene.run(options); });
        CHECK(contains(message, "the loss is no longer a number at step 2 (epoch 1)"));
        CHECK(same_bits(read_model(options.output / "checkpoint.safetensors").parameters,
                        initial_parameters(options.network.network(), options.seed)));
        CHECK(timeless(options.output / "history.csv").find('\n') + 1 ==
              timeless(options.output / "history.csv").size());
    }
    SECTION("in the validation after the first") {
        options.batch = 0;
        const std::string message = message_of<WorkError>([&] { scene.run(options); });
        CHECK(contains(message, "the validation loss is no longer a number at step 1 (epoch 1)"));
        const std::string history = file_text(options.output / "history.csv");
        CHECK(std::count(history.begin(), history.end(), '\n') == 1);
    }
    SECTION("in the second") {
        options.batch = 0;
        options.validation_input = options.validation_target = fs::path();
        const std::string message = message_of<WorkError>([&] { scene.run(options); });
        CHECK(contains(message, "the loss is no longer a number at step 2 (epoch 2)"));
        const std::string history = file_text(options.output / "history.csv");
        CHECK(std::count(history.begin(), history.end(), '\n') == 2);
    }
    CHECK_FALSE(fs::exists(options.output / "model.safetensors"));
    read_model(options.output / "checkpoint.safetensors");
}

TEST_CASE("pictures that a killed run did not write are made when it is resumed") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    scene.run(options);
    const std::string before = file_text(options.output / "images/before_p1.png");
    fs::remove_all(options.output / "images");
    fs::remove(options.output / "model.safetensors");
    options.resume = true;
    CHECK(scene.run(options) == RunEnd::finished);
    CHECK(file_text(options.output / "images/before_p1.png") == before);
    CHECK(fs::exists(options.output / "images/test_dot.png"));
    CHECK(fs::exists(options.output / "model.safetensors"));
}
