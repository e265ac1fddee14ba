// Runs whose steps several ranks share: the ranks are threads here, and what they leave must not tell how
// many.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/checked_pairs.h"
#include "model/network_text.h"
#include "thread_group.h"
#include "train/labelled_scene.h"
#include "train/run_scene.h"
#include "train/shared_job.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Ends as rank 0 does. The other ranks open the same device by themselves.
RunEnd run_on(std::uint32_t ranks, const TrainOptions& options, std::uint32_t stop_after = 0) {
    ThreadGroup group(ranks);
    ThreadGroup::Followers followers(group, [](Group& rank) { follow_job(rank, ""); });
    Watcher watcher;
    watcher.stop_after = stop_after;
    SharedJob job(group.rank(0));
    if (options.learns_classes()) return LabelledScene::run(options, watcher, &job);
    return RunScene::run(options, watcher, nullptr, &job);
}

/// On one rank, two and four. `options` have four shares.
void check_any_ranks(const fs::path& folder, TrainOptions options) {
    fs::path first;
    for (const std::uint32_t ranks : {1u, 2u, 4u}) {
        CAPTURE(ranks);
        options.output = folder / ("run_" + std::to_string(ranks));
        REQUIRE(run_on(ranks, options) == RunEnd::finished);
        if (first.empty()) first = options.output;
        check_same_runs(first, options.output);
    }
    CHECK_THAT(file_text(first / "config.json"), ContainsSubstring("\"shares\": 4"));
}

/// Runs with four shares, on uneven batches: what the two-layer plan can be asked for. Writes more pictures.
std::vector<TrainOptions> shared_options(const RunScene& scene, const char* name) {
    write_pairs(scene.folder / "mixed", 5, 15, 11);
    for (const char* kind : {"input", "target"})
        write_png(scene.folder / "mixed" / kind / "p1.png", made_picture(11, 11, 1));
    TrainOptions linear = scene.options(name);
    linear.batch = 3;
    linear.shares = 4;
    linear.epochs = 2;
    TrainOptions all = linear;
    all.batch = 0;
    all.network.two_layer.activation = "relu";
    all.freeze_norm = 2;
    TrainOptions crops = linear;
    crops.resize = false;
    crops.size = 9;
    crops.crops = 3;
    crops.batch = 4;
    crops.network.two_layer.activation = "leaky_relu";
    crops.network.two_layer.padding = PicturePadding::edge;
    TrainOptions streams = linear;
    for (const char* kind : {"one", "two"}) {
        streams.domains.push_back({kind, scene.folder / "input", scene.folder / "target"});
    }
    streams.input = streams.target = "";
    streams.debias = true;
    // The second pair alone keeps whole 255ths.
    TrainOptions resized = linear;
    resized.resize = true;
    resized.size = 11;
    resized.input = scene.folder / "mixed/input";
    resized.target = scene.folder / "mixed/target";
    return {linear, all, crops, streams, resized};
}

}  // namespace

TEST_CASE("a shared run leaves the same on one rank, on two and on four") {
    const RunScene scene;
    std::uint32_t number = 0;
    for (const TrainOptions& options : shared_options(scene, "run")) {
        CAPTURE(number);
        check_any_ranks(scene.folder / std::to_string(number++), options);
    }
}

TEST_CASE("a shared run of any list of layers leaves the same on one rank, on two and on four") {
    const RunScene scene;
    TrainOptions options = scene.options("run");
    options.batch = 3;
    options.shares = 4;
    options.epochs = 2;
    options.freeze_norm = 2;
    options.network.take(parse_network(
        "input 3, conv 6 3x3, norm, relu, conv 5 3x3, leaky_relu, dropout 0.8, conv 3 3x3, tanh, "
        "norm, add input",
        "network"));
    check_any_ranks(scene.folder / "squares", options);
    options.resize = false;
    options.size = 9;
    options.crops = 3;
    check_any_ranks(scene.folder / "crops", options);
}

TEST_CASE("a shared run on labelled pictures leaves the same on one rank, on two and on four") {
    const LabelledScene scene;
    TrainOptions options = scene.options("run");
    options.shares = 4;
    options.batch = 9;
    options.flip = true;
    check_any_ranks(scene.folder.path(), options);
    // More shares than a step has examples.
    options.batch = 3;
    options.crop_pad = 1;
    check_any_ranks(scene.folder / "few", options);
}

TEST_CASE("a shared run that is stopped goes on with another number of ranks, and with the same bits") {
    const RunScene scene;
    TrainOptions options = shared_options(scene, "whole").at(2);
    REQUIRE(run_on(2, options) == RunEnd::finished);
    options.output = scene.folder / "stopped";
    REQUIRE(run_on(4, options, 5) == RunEnd::stopped);
    options.resume = true;
    REQUIRE(run_on(1, options, 2) == RunEnd::stopped);
    REQUIRE(run_on(2, options) == RunEnd::finished);
    check_same_runs(scene.folder / "whole", scene.folder / "stopped");
}

TEST_CASE("one share is what a run is without any, and a share for each rank is the default") {
    const RunScene scene;
    TrainOptions options = scene.options("alone");
    REQUIRE(RunScene::run(options) == RunEnd::finished);
    options.output = scene.folder / "one";
    options.shares = 1;
    REQUIRE(run_on(1, options) == RunEnd::finished);
    check_same_runs(scene.folder / "alone", scene.folder / "one");
    CHECK_THAT(file_text(scene.folder / "one/config.json"), !ContainsSubstring("shares"));
    options.output = scene.folder / "default";
    options.shares = 0;
    REQUIRE(run_on(2, options) == RunEnd::finished);
    CHECK_THAT(file_text(scene.folder / "default/config.json"), ContainsSubstring("\"shares\": 2"));
}

TEST_CASE("a shared run is refused before the other ranks have begun, and lets them go") {
    const RunScene scene;
    TrainOptions options = scene.options("refused");
    const auto refusal = [&](std::uint32_t ranks) {
        return message_of<InputError>([&] { run_on(ranks, options); });
    };
    options.shares = 3;
    CHECK_THAT(refusal(2),
               ContainsSubstring("the run is of 3 shares, and 2 ranks cannot have as many each") &&
                   ContainsSubstring("in a new run --shares 2"));
    options.shares = 2;
    options.target = scene.folder / "nowhere";
    CHECK_THAT(refusal(2), ContainsSubstring("nowhere"));
}
