// Runs whose pairs are moved onto each other.
#include "pairs/pair_scene.h"
#include "train/run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Two pairs whose targets are shifted, in a folder of the scene.
TrainOptions shifted_pairs(const RunScene& scene, const char* output) {
    TrainOptions options = scene.options(output);
    options.input = scene.folder / "moved_in";
    options.target = scene.folder / "moved_out";
    options.validation_input = options.validation_target = options.test = "";
    options.align = true;
    fs::create_directories(options.input);
    fs::create_directories(options.target);
    const std::vector<Sample> all = sample_pictures();
    for (std::size_t i = 0; i < 2; ++i) {
        const Image part = drawn(96, 80, [&](std::uint32_t c, std::int64_t y, std::int64_t x) {
            return pixel(all[i].image, c, y + 40, x + 90);
        });
        write_png(options.input / (all[i].name + ".png"), part);
        write_png(options.target / (all[i].name + ".png"), shifted(negative(part), 3, -2));
    }
    return options;
}

}  // namespace

TEST_CASE("a run with --align is told by its notes and its configuration, and resumes with the same bits") {
    const RunScene scene;
    TrainOptions options = shifted_pairs(scene, "whole");
    Watcher watcher;
    RunScene::run(options, watcher);
    CHECK(std::ranges::any_of(watcher.notes, [](const std::string& note) {
        return contains(note, "--align moved 2 of 2 targets");
    }));
    CHECK(std::ranges::none_of(
        watcher.notes, [](const std::string& note) { return contains(note, "lies beside its input"); }));
    CHECK(read_config(options.output / "config.json").align);
    TrainOptions parts = shifted_pairs(scene, "parts");
    parts.epochs = 1;
    RunScene::run(parts);
    parts.resume = true;
    parts.epochs = options.epochs;
    RunScene::run(parts);
    for (const char* name : {"model.safetensors", "epochs.bin"}) {
        CHECK(read_file(options.output / name, 1 << 24) == read_file(parts.output / name, 1 << 24));
    }
    parts.align = false;
    parts.epochs += 1;
    CHECK(contains(scene.refusal(parts), "align"));
}

TEST_CASE("without --align a run warns of the shift") {
    const RunScene scene;
    TrainOptions options = shifted_pairs(scene, "run");
    options.align = false;
    options.epochs = 1;
    Watcher watcher;
    RunScene::run(options, watcher);
    CHECK(std::ranges::any_of(watcher.notes, [](const std::string& note) {
        return contains(
            note, "in all 2 pairs the target lies beside its input, 3.0 pixels to the right and 2.0 up");
    }));
}
