// Whole runs that learn from crops.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "image/image.h"
#include "train/run_files.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

const std::vector<PictureSize> picture_sizes = {{15, 11}, {9, 17}, {23, 8}};

void write_unequal_pairs(const fs::path& folder, std::uint64_t first) {
    for (const char* kind : {"input", "target"}) fs::create_directories(folder / kind);
    for (std::size_t i = 0; i < picture_sizes.size(); ++i) {
        const Image input = made_picture(picture_sizes[i].width, picture_sizes[i].height, first + i);
        write_png(folder / "input" / fmt::format("p{}.png", i), input);
        write_png(folder / "target" / fmt::format("p{}.png", i), grey_of(input));
    }
}

/// Pairs of three sizes, their shortest side having 8 pixels, and as many for validation.
class CropScene {
  public:
    CropScene() {
        write_unequal_pairs(folder.path(), 0);
        write_unequal_pairs(folder / "dark", 40);
        write_unequal_pairs(folder / "validation", 80);
    }
    /// Three steps an epoch: of 6 crops, 6 and 3.
    TrainOptions options(const char* output) const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.output = folder / output;
        options.resize = false;
        options.size = 7;
        options.crops = 5;
        options.flip = true;
        options.batch = 6;
        return options;
    }
    TemporaryFolder folder;
};

}  // namespace

TEST_CASE("a run on crops takes pictures of unequal sizes, and publishes them whole") {
    const CropScene scene;
    TrainOptions options = scene.options("run");
    options.validation_input = scene.folder / "validation/input";
    options.validation_target = scene.folder / "validation/target";
    Watcher watcher;
    CHECK(RunScene::run(options, watcher) == RunEnd::finished);
    CHECK(watcher.images == std::vector<std::uint32_t>{3, 3, 0});
    CHECK(watcher.size == std::vector<std::uint32_t>{7, 7});
    CHECK(watcher.steps == 9);
    REQUIRE(watcher.records.size() == 3);
    CHECK(watcher.records[2].validation_loss);
    for (const std::string& note : watcher.notes) CHECK_FALSE(contains(note, "crops are"));
    for (const char* kind : {"before", "after"}) {
        for (std::size_t i = 0; i < picture_sizes.size(); ++i) {
            const auto [width, height] =
                image_size(options.output / fmt::format("images/{}_p{}.png", kind, i));
            CHECK(PictureSize{width, height} == picture_sizes[i]);
        }
    }
    const TrainOptions kept = read_config(options.output / "config.json");
    CHECK(kept.takes_crops());
    CHECK(kept.crops == 5);
    CHECK(kept.flip);
    CHECK(kept.data.training.size() == 3);
}

TEST_CASE("crops are as large as the smallest picture allows, and this is said") {
    const CropScene scene;
    TrainOptions options = scene.options("run");
    options.size = 64;
    options.epochs = 1;
    Watcher watcher;
    RunScene::run(options, watcher);
    CHECK(watcher.size == std::vector<std::uint32_t>{8, 8});
    const auto said = [](const std::string& note) {
        return note.starts_with("crops are 8x8 in place of 64x64, because ") &&
               note.ends_with("p2.png is 23x8");
    };
    CHECK(std::ranges::count_if(watcher.notes, said) == 1);
}

TEST_CASE("a run on crops that is stopped within an epoch and resumed equals one that was not") {
    const CropScene scene;
    const PlanKind plan = GENERATE(PlanKind::fused, PlanKind::stack);
    TrainOptions options = scene.options("straight");
    options.plan = plan;
    RunScene::run(options);
    for (const std::uint32_t stop_after : {2u, 7u}) {
        INFO(to_string(plan) << ", stopped after step " << stop_after);
        options.output = scene.folder / "stopped";
        options.resume = false;
        Watcher first;
        first.stop_after = stop_after;
        CHECK(RunScene::run(options, first) == RunEnd::stopped);
        options.resume = true;
        RunScene::run(options);
        check_same_runs(scene.folder / "stopped", scene.folder / "straight");
        fs::remove_all(options.output);
    }
}

TEST_CASE("a run on crops of several streams that is stopped and resumed equals one that was not") {
    const CropScene scene;
    TrainOptions options = scene.options("straight");
    options.input = options.target = "";
    options.domains = {{"day", scene.folder / "input", scene.folder / "target"},
                       {"night", scene.folder / "dark/input", scene.folder / "dark/target"}};
    Watcher straight;
    RunScene::run(options, straight);
    CHECK(straight.images == std::vector<std::uint32_t>{6, 0, 0});
    CHECK(straight.steps == 18);
    CHECK(fs::exists(options.output / "images/after_night_p2.png"));
    options.output = scene.folder / "stopped";
    Watcher first;
    first.stop_after = 8;
    CHECK(RunScene::run(options, first) == RunEnd::stopped);
    options.resume = true;
    RunScene::run(options);
    check_same_runs(scene.folder / "stopped", scene.folder / "straight");
}

TEST_CASE("the crops of a run are its own: others are refused when it goes on") {
    const CropScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 1;
    RunScene::run(options);
    options.resume = true;
    options.epochs = 2;
    const auto refusal_after = [&](const auto& change) {
        TrainOptions changed = options;
        change(changed);
        return RunScene::refusal(changed);
    };
    using O = TrainOptions;
    CHECK(contains(refusal_after([](O& o) { o.crops = 4; }), "crops 5, and now it is 4"));
    CHECK(contains(refusal_after([](O& o) { o.flip = false; }), "flip yes, and now it is no"));
    CHECK(contains(refusal_after([](O& o) { o.size = 6; }), "size 7, and now it is 6"));
    CHECK(contains(refusal_after([](O& o) { o.resize = true; }), "and now it is "));
    CHECK(refusal_after([](O&) {}).empty());
}

TEST_CASE("with other pictures a run on crops goes on, if its epochs have as many steps") {
    const CropScene scene;
    TrainOptions options = scene.options("run");
    options.epochs = 1;
    RunScene::run(options);
    for (const char* kind : {"input", "target"}) {
        write_png(scene.folder / kind / "p1.png", made_picture(31, 30, 8));
        write_png(scene.folder / kind / "p2.png", made_picture(12, 9, 9));
    }
    options.resume = true;
    options.epochs = 2;
    CHECK(contains(RunScene::refusal(options), "other pictures"));
    options.changed_data = true;
    CHECK(RunScene::refusal(options).empty());
    const Image after = read_image(options.output / "images/after_p1.png").image;
    CHECK(PictureSize{after.width, after.height} == PictureSize{31, 30});
}
