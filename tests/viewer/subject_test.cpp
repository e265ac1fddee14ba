// What the window can show, read from folders and files.
#include "viewer/subject.h"

#include <fstream>

#include "model/model_file.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// A run of three epochs on four small pairs, in batches of three.
struct SubjectScene {
    SubjectScene() {
        write_pairs(folder.path(), 4, 9, 7);
        options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.test = folder / "input/p0.png";
        options.output = folder / "run";
        options.batch = 3;
        RunScene::run(options, watcher);
    }
    TemporaryFolder folder;
    TrainOptions options;
    Watcher watcher;
};

}  // namespace

TEST_CASE("a run is shown with all that it has kept") {
    SubjectScene scene;
    SECTION("where it was") {}
    SECTION("where it has been moved to") {
        fs::rename(scene.options.output, scene.folder / "moved");
        scene.options.output = scene.folder / "moved";
    }
    const Subject subject = read_run_subject(scene.options.output);
    CHECK(subject.notes.empty());
    CHECK(subject.story.epochs == 3);
    CHECK(subject.story.last_epoch() == 3);
    CHECK(subject.story.examples == 4);
    CHECK(subject.story.steps_per_epoch == 2);
    CHECK(same_bits(subject.story.parameters.at(3), scene.watcher.latest));
    REQUIRE(subject.story.records.size() == 3);
    CHECK(subject.story.records[2].norms.at(0).batch_mean == scene.watcher.records[2].norms.at(0).batch_mean);
    REQUIRE(subject.pictures.size() == 5);
    CHECK(subject.pictures[3].group == PictureGroup::training);
    CHECK(subject.pictures[4].group == PictureGroup::test);
    CHECK(subject.pictures[4].target.empty());
}

TEST_CASE("the last epoch is shown by the model that the run keeps, and says what solving it has brought") {
    TemporaryFolder folder;
    write_pairs(folder.path(), 4, 9, 7);
    TrainOptions options = small_options();
    options.input = folder / "input";
    options.target = folder / "target";
    options.output = folder / "run";
    options.solve = true;
    Watcher watcher;
    RunScene::run(options, watcher);
    const Model kept = read_model(folder / "run/model.safetensors");
    REQUIRE(kept.solved);
    const RunStory story = read_run_subject(options.output).story;
    REQUIRE(story.solved);
    CHECK(story.solved->line == "the last layer: " + kept.solved->gain);
    CHECK(story.is_solved(3));
    CHECK(same_bits(*story.parameters_after(3), kept.parameters));
    CHECK_FALSE(same_bits(*story.parameters_after(3), watcher.latest));
    CHECK_FALSE(story.is_solved(2));
    CHECK(same_bits(*story.parameters_after(2), story.parameters[2]));
}

TEST_CASE("a run is shown without what it has lost, and says so") {
    const SubjectScene scene;
    const fs::path run = scene.options.output;
    SECTION("its pictures") {
        fs::remove_all(scene.options.input);
        const Subject subject = read_run_subject(run);
        CHECK(subject.pictures.empty());
        CHECK(subject.notes.size() == 2);
        CHECK(subject.story.last_epoch() == 3);
    }
    SECTION("its epochs: the latest parameters are the only ones") {
        fs::remove(run / "epochs.bin");
        const Subject subject = read_run_subject(run);
        CHECK(subject.notes.size() == 1);
        CHECK(subject.story.last_epoch() == 3);
        CHECK(subject.story.parameters.at(0).tensors().empty());
        CHECK(same_bits(subject.story.parameters.at(3), scene.watcher.latest));
    }
    SECTION("its history, which is damaged") {
        std::ofstream(run / "history.csv", std::ios::app) << "nonsense\n";
        const Subject subject = read_run_subject(run);
        CHECK(subject.story.records.empty());
        CHECK(subject.notes.size() == 1);
    }
    SECTION("everything") {
        for (const char* name :
             {"epochs.bin", "history.csv", "model.safetensors", "checkpoint.safetensors"}) {
            fs::remove(run / name);
        }
        CHECK_THROWS_AS(read_run_subject(run), InputError);
    }
    SECTION("its configuration") {
        fs::remove(run / "config.json");
        CHECK(contains(message_of<InputError>([&] { read_run_subject(run); }), "holds no run"));
    }
}

TEST_CASE("a model is tried on files and folders") {
    const SubjectScene scene;
    const fs::path model = scene.options.output / "model.safetensors";
    const Subject subject = read_model_subject(model, {scene.options.input, scene.folder / "target/p2.png"});
    CHECK(subject.pictures.size() == 5);
    CHECK(subject.story.epochs == 0);
    CHECK(same_bits(subject.story.parameters.at(0), scene.watcher.latest));
    CHECK_THROWS_AS(read_model_subject(scene.folder / "input/p0.png", {}), InputError);
    CHECK_THROWS_AS(read_model_subject(model, {scene.folder / "nowhere.png"}), InputError);
}

TEST_CASE("names of pictures are shown on one line") {
    const TemporaryFolder folder;
    write_pairs(folder.path(), 1, 9, 7);
    fs::rename(folder / "input/p0.png", folder / "input/a\n\u202eb\xff.png");
    const std::vector<PictureFiles> pictures = dropped_pictures(folder / "input");
    REQUIRE(pictures.size() == 1);
    CHECK(pictures[0].name == "a\\n\\u202eb\\xff");
    CHECK(fs::exists(pictures[0].input));
}
