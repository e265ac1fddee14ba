// A run's folder: who may write in it, and what names it can hold.
#include "train/run_folder.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "base/temporary_file.h"
#include "run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

TEST_CASE("a run's folder is another process' as long as that trains in it") {
    const RunScene scene;
    const TrainOptions options = scene.options("run");
    {
        const RunFolder folder(options.output);
        CHECK(folder.is_locked());
        CHECK(contains(RunScene::refusal(options), "run: is being trained by process "));
        CHECK(contains(RunScene::refusal(options), "wait for it to end, or give another --output"));
        CHECK(files_of(options.output) == std::set<std::string>{".shadenet.lock"});
    }
    CHECK_FALSE(fs::exists(options.output));
    CHECK(RunScene::run(options) == RunEnd::finished);
    CHECK_FALSE(fs::exists(options.output / ".shadenet.lock"));
    TrainOptions again = options;
    again.resume = true;
    const RunFolder folder(options.output);
    CHECK(contains(RunScene::refusal(again), "; wait for it to end"));
    CHECK_FALSE(contains(RunScene::refusal(again), "another --output"));
}

TEST_CASE("a run begins without what a killed one left unfinished") {
    const TemporaryFolder folder;
    const fs::path run = folder / "run";
    fs::create_directories(run / "images");
    fs::path left;
    {
        const TemporaryFile file(run / "images");
        left = file.path();
        const RunFolder other(run);
        CHECK(fs::exists(left));  // its writer lives
    }
    for (const fs::path& place : {run, run / "images"}) std::ofstream(place / left.filename()).put('x');
    const RunFolder again(run);
    CHECK(files_of(run) == std::set<std::string>{".shadenet.lock"});
}

TEST_CASE("a picture whose results' names would be too long is refused before training") {
    const RunScene scene;
    const TrainOptions options = scene.options("run");
    const std::string longest(255 - std::string("before_.png").size(), 'n');
    const auto add_pair = [&](const std::string& stem) {
        for (const char* side : {"input", "target"}) {
            fs::copy(scene.folder / side / fs::directory_iterator(scene.folder / side)->path().filename(),
                     scene.folder / side / (stem + ".png"));
        }
    };
    add_pair(longest);
    CHECK(RunScene::run(options) == RunEnd::finished);
    CHECK(fs::exists(options.output / "images" / ("before_" + longest + ".png")));
    const TrainOptions other = scene.options("other");
    SECTION("a pair") {
        add_pair(longest + "m");
        const std::string message = RunScene::refusal(other);
        CHECK(contains(message, "m.png: the name of its result, before_n"));
        CHECK(contains(message, "would be too long; give the picture a shorter one"));
    }
    SECTION("a test picture") {
        fs::copy(scene.folder / "test/dot.png", scene.folder / "test" / (longest + "nnn.png"));
        CHECK(contains(RunScene::refusal(other), "the name of its result, test_n"));
    }
    CHECK_FALSE(fs::exists(other.output));
}
