// What a run knows of its pictures: moved ones are the same, others are told.
#include "data/run_data.h"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/sha256.h"
#include "train/checkpoint.h"
#include "train/run_files.h"
#include "train/run_scene.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

std::string hash_of(const fs::path& file) {
    return sha256(read_file(file, 1 << 24));
}

/// A run of three epochs that was stopped in the second.
TrainOptions stopped_run(const RunScene& scene, const char* output) {
    TrainOptions options = scene.options(output);
    Watcher watcher;
    watcher.stop_after = 4;
    RunScene::run(options, watcher);
    options.resume = true;
    return options;
}

std::string all_notes(const TrainOptions& options) {
    Watcher watcher;
    CHECK(RunScene::run(options, watcher) == RunEnd::finished);
    std::string all;
    for (const std::string& note : watcher.notes) all += note + "\n";
    return all;
}

/// As a run of an earlier version has it.
void forget_data(const fs::path& config) {
    TrainOptions options = read_config(config);
    options.data = {};
    write_file_atomically(config, config_text(options, "a device"));
}

}  // namespace

TEST_CASE("config.json keeps the SHA-256 of every picture, as sha256sum prints it") {
    const RunScene scene;
    const TrainOptions options = scene.options("run");
    RunScene::run(options);
    const RunData data = read_config(options.output / "config.json").data;
    REQUIRE(data.training.size() == 5);
    REQUIRE(data.validation.size() == 3);
    CHECK(data.training[3] ==
          PairRecord{"p3", hash_of(options.input / "p3.png"), hash_of(options.target / "p3.png")});
    CHECK(data.validation[1].target == hash_of(options.validation_target / "p1.png"));
    CHECK(data.init.empty());
}

TEST_CASE("records of pairs are read as they were written, and nothing else is") {
    const std::string hash(64, 'a'), other(64, '0');
    const PairRecord pair{"a name with blanks", hash, other};
    CHECK(pair_record(to_string(pair)) == pair);
    for (const std::string& text : {std::string(), hash, hash + " " + other, hash + " " + other + " ",
                                    hash + " " + std::string(64, 'A') + " x", hash + "_" + other + " x"}) {
        INFO(text);
        CHECK(pair_record(text).name.empty());
    }
    // JSON holds UTF-8 alone, and one spelling is one name.
    CHECK(record_name("x\xff") == "x%FF");
    CHECK(record_name("e\xcc\x81") == "\xc3\xa9");
}

TEST_CASE("a run whose pictures moved is resumed with their new places, to the same bits") {
    const RunScene scene;
    RunScene::run(scene.options("straight"));
    TrainOptions options = stopped_run(scene, "stopped");
    const fs::path moved = scene.folder / "moved";
    fs::create_directory(moved);
    for (const char* name : {"input", "target", "validation", "test"}) {
        fs::rename(scene.folder / name, moved / name);
    }
    CHECK(contains(scene.refusal(options),
                   "input: no such folder; if the run's pictures were moved, give --input"));
    options.input = moved / "input";
    CHECK(contains(scene.refusal(options), "give --target"));
    options.target = moved / "target";
    CHECK(contains(scene.refusal(options), "give --validation-input"));
    options.validation_input = moved / "validation/input";
    options.validation_target = moved / "validation/target";
    CHECK(contains(scene.refusal(options), "give --test"));
    options.test = moved / "test";
    all_notes(options);
    check_same_runs(scene.folder / "stopped", scene.folder / "straight");
    CHECK(read_config(options.output / "config.json").input == options.input);
}

TEST_CASE("other pictures are refused by name, and nothing is changed") {
    const RunScene scene;
    const TrainOptions options = stopped_run(scene, "run");
    const auto refusal = [&] {
        const std::string config = file_text(options.output / "config.json");
        const std::string message = scene.refusal(options);
        CHECK(file_text(options.output / "config.json") == config);
        CHECK(contains(message, "--changed-data"));
        return message;
    };
    const auto over = fs::copy_options::overwrite_existing;
    const fs::path kept = scene.folder / "kept";
    fs::create_directory(kept);
    for (const char* name : {"input", "target", "validation"}) {
        fs::copy(scene.folder / name, kept / name, fs::copy_options::recursive);
    }
    fs::copy(options.input / "p2.png", options.target / "p2.png", over);
    CHECK(contains(refusal(), "target/p2.png is another picture; put back"));
    fs::copy(options.input / "p1.png", options.input / "p0.png", over);
    CHECK(contains(refusal(), "input/p0.png is another picture, and 1 pair more"));
    fs::copy(kept, scene.folder.path(), fs::copy_options::recursive | over);
    for (const fs::path& folder : {options.input, options.target}) fs::remove(folder / "p4.png");
    CHECK(contains(refusal(), "the pair \"p4\" is missing"));
    fs::copy(kept, scene.folder.path(), fs::copy_options::recursive | over);
    for (const fs::path& folder : {options.input, options.target})
        fs::copy(folder / "p1.png", folder / "p9.png");
    CHECK(contains(refusal(), "input/p9.png is new"));
    for (const fs::path& folder : {options.input, options.target}) fs::remove(folder / "p9.png");
    fs::copy(options.input / "p0.png", options.validation_target / "p1.png", over);
    CHECK(contains(refusal(), "validation/target/p1.png is another picture"));
    fs::copy(kept, scene.folder.path(), fs::copy_options::recursive | over);
    // What was there is put back, as the message says.
    CHECK(all_notes(options).find("other pictures") == std::string::npos);
}

TEST_CASE("with --changed-data all that was made of the pictures before is made anew") {
    const RunScene scene;
    TrainOptions options = stopped_run(scene, "run");
    const std::string floor = file_text(options.output / "floor.json");
    const std::string history = file_text(options.output / "history.csv");
    for (const char* file : {"health.json", "quality.json"}) {
        write_file_atomically(options.output / file, "of before");
    }
    write_png(options.input / "p0.png", made_picture(15, 11, 50));
    write_png(options.target / "p1.png", made_picture(15, 11, 51));
    options.changed_data = true;
    CHECK(contains(all_notes(options), "from epoch 2 on the run has other pictures: "));
    CHECK(file_text(options.output / "floor.json") != floor);
    CHECK_FALSE(fs::exists(options.output / "health.json"));
    CHECK_FALSE(fs::exists(options.output / "quality.json"));
    // The epochs that are done stay as they were.
    CHECK(file_text(options.output / "history.csv").starts_with(history));

    const TrainOptions fresh = scene.options("fresh");
    RunScene::run(fresh);
    CHECK(read_floor(options.output / "floor.json")->loss == read_floor(fresh.output / "floor.json")->loss);
    for (const char* name : {"images/before_p0.png", "images/before_p1.png"}) {
        CHECK(file_text(options.output / name) == file_text(fresh.output / name));
    }
    CHECK(read_config(options.output / "config.json").data == read_config(fresh.output / "config.json").data);
    // And from now on these are the run's.
    options.changed_data = false;
    options.epochs = 4;
    CHECK_FALSE(contains(all_notes(options), "other pictures"));
}

TEST_CASE("pairs may come and go where an epoch keeps its number of steps") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.batch = 3;
    Watcher first;
    first.stop_after = 3;  // within the second epoch of two steps
    RunScene::run(options, first);
    options.resume = true;
    options.changed_data = true;
    for (const fs::path& folder : {options.input, options.target})
        fs::rename(folder / "p4.png", folder / "new.png");
    SECTION("one for another, and one more") {
        for (const fs::path& folder : {options.input, options.target}) {
            fs::copy(folder / "p1.png", folder / "p7.png");
        }
        Watcher second;
        CHECK(RunScene::run(options, second) == RunEnd::finished);
        CHECK(second.images[0] == 6);
        const std::set<std::string> files = files_of(options.output);
        CHECK(files.contains("images/before_p7.png"));
        CHECK(files.contains("images/after_new.png"));
        CHECK_FALSE(files.contains("images/before_p4.png"));
        // The losses of an epoch's steps count by their share of it: none is beyond those of its neighbours.
        REQUIRE(second.records.size() == 2);
        CHECK(second.records[0].train_loss < 3 * second.records[1].train_loss);
        CHECK(second.records[1].train_loss < 3 * second.records[0].train_loss);
    }
    SECTION("but not where it has other steps, and then what the message says works") {
        for (const char* name : {"p2.png", "p3.png"}) {
            fs::remove(options.input / name);
            fs::remove(options.target / name);
        }
        const std::string floor = file_text(options.output / "floor.json");
        const std::string message = scene.refusal(options);
        CHECK(contains(message, "3 pairs now make 1 step an epoch"));
        CHECK(file_text(options.output / "floor.json") == floor);
        TrainOptions other = options;
        other.resume = other.changed_data = false;
        other.output = scene.folder / "other";
        other.init = options.output / "checkpoint.safetensors";
        CHECK(contains(message, "--init " + other.init.string()));
        CHECK(RunScene::run(other) == RunEnd::finished);
    }
}

TEST_CASE("after other validation pictures no validation of before counts") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.early_stop = 9;
    Watcher first;
    first.stop_after = 4;
    RunScene::run(options, first);
    const fs::path best = options.output / "best.safetensors";
    REQUIRE(fs::exists(best));
    const auto best_epoch = [&] {
        const fs::path checkpoint = options.output / "checkpoint.safetensors";
        return early_stop_of(read_safetensors(checkpoint), checkpoint.string()).best.value().epoch;
    };
    REQUIRE(best_epoch() == 1);
    // Of these every loss is higher than those of before.
    write_png(options.validation_target / "p0.png", Image{15, 11, std::vector<float>(3 * 15 * 11, 1.0f)});
    options.resume = true;
    options.changed_data = true;
    CHECK(contains(all_notes(options), "no validation of before counts"));
    CHECK(best_epoch() > 1);
    CHECK(fs::exists(best));
}

TEST_CASE("a run that does not know its pictures takes those of now, and says so") {
    const RunScene scene;
    TrainOptions options = stopped_run(scene, "run");
    forget_data(options.output / "config.json");
    fs::rename(options.input, scene.folder / "moved");
    options.input = scene.folder / "moved";
    CHECK(contains(all_notes(options), "does not tell which pictures the run was begun with"));
    CHECK(read_config(options.output / "config.json").data.training.size() == 5);
    write_png(options.input / "p0.png", made_picture(15, 11, 50));
    CHECK(contains(scene.refusal(options), "p0.png is another picture"));
}

TEST_CASE("an --init is known by its content") {
    const RunScene scene;
    RunScene::run(scene.options("first"));
    const fs::path init = scene.folder / "first/model.safetensors",
                   moved = scene.folder / "moved.safetensors";
    TrainOptions options = scene.options("run");
    options.init = init;
    Watcher watcher;
    watcher.stop_after = 4;
    RunScene::run(options, watcher);
    CHECK(read_config(options.output / "config.json").data.init == hash_of(init));
    options.resume = true;
    fs::copy(scene.folder / "first/checkpoint.safetensors", scene.folder / "other.safetensors");
    options.init = scene.folder / "other.safetensors";
    CHECK(
        contains(scene.refusal(options), "other.safetensors: is not the model that the run was begun with"));
    fs::rename(init, moved);
    options.init = moved;
    CHECK(RunScene::run(options) == RunEnd::finished);
    CHECK(read_config(options.output / "config.json").init == moved);
}

TEST_CASE("a new run takes no --changed-data") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.changed_data = true;
    CHECK(contains(scene.refusal(options), "--changed-data is for a run that goes on"));
}
