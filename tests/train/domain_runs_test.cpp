// Whole runs on several domains, and what they leave behind.
#include "data/checked_pairs.h"
#include "engine/picture_filter.h"
#include "model/model_file.h"
#include "train/domain_statistics.h"
#include "train/logs/event_decoder.h"
#include "train/logs/history.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Two folders of pairs with the same file names, the second of darker pictures.
class DomainScene {
  public:
    DomainScene() {
        write_pairs(folder / "day", 3, 15, 11);
        write_pairs(folder / "night", 2, 15, 11);
        for (const char* name : {"p0.png", "p1.png"}) {
            Image dark = read_image(folder / "night/input" / name).image;
            for (float& value : dark.values) value *= 0.25f;
            write_png(folder / "night/input" / name, dark);
            write_png(folder / "night/target" / name, grey_of(dark));
        }
    }
    TrainOptions options(const char* output) const {
        TrainOptions options = small_options();
        options.batch = 2;
        options.domains = {domain("day"), domain("night")};
        options.output = folder / output;
        return options;
    }
    Domain domain(const char* name) const {
        return {name, folder / name / "input", folder / name / "target"};
    }
    TemporaryFolder folder;
};

}  // namespace

TEST_CASE("a run on domains names its pictures by them, and makes them with their statistics") {
    const DomainScene scene;
    TrainOptions options = scene.options("run");
    options.tensorboard = true;
    Watcher watcher;
    CHECK(RunScene::run(options, watcher) == RunEnd::finished);
    CHECK(watcher.images == std::vector<std::uint32_t>{5, 0, 0});
    CHECK(watcher.steps == 9);
    std::set<std::string> pictures;
    for (const std::string& name : files_of(options.output)) {
        if (name.starts_with("images/")) pictures.insert(name);
    }
    std::set<std::string> expected;
    for (const char* stem : {"day_p0", "day_p1", "day_p2", "night_p0", "night_p1"}) {
        for (const char* kind : {"before", "after"})
            expected.insert(fmt::format("images/{}_{}.png", kind, stem));
    }
    CHECK(pictures == expected);

    const ValidatedDevice device;
    PictureNotes notes;
    const PicturePairs data(check_pairs(options.domains, {}), notes);
    Trainer trainer = made_trainer(options, data);
    for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(trainer.run_epoch(never, {}));
    CHECK(trainer.norm_updates() == std::vector<std::uint64_t>{6, 3});
    const Model model = read_model(options.output / "model.safetensors");
    CHECK(same_bits(model.parameters, trainer.parameters()));
    const std::vector<NamedStatistics> sets = trainer.domain_statistics();
    REQUIRE(model.sets.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) CHECK(same_bits(model.sets[i], sets[i]));
    for (const std::uint32_t pair : {1u, 4u}) {
        PictureFilter filter(*device, options.network.network(),
                             with_statistics(trainer.parameters(), sets[data.domain_of(pair)]));
        write_png(scene.folder / "expected.png", filter.apply(data.input_picture(pair)));
        CHECK(
            read_image(scene.folder / "expected.png").image.values ==
            read_image(options.output / fmt::format("images/after_{}.png", data.stems()[pair])).image.values);
    }
    const auto history = read_history(options.output / "history.csv", options.network.network());
    REQUIRE(history.size() == 3);
    REQUIRE(history[2].domains.size() == 1);
    CHECK(history[2].domains[0].name == "night");
    CHECK(history[2].domains[0].norms.at(1).moving_mean ==
          watcher.records[2].domains[0].norms.at(1).moving_mean);
    CHECK(contains(file_text(options.output / "history.csv"), ",night.bn1.moving_mean.0,"));

    std::vector<float> told;
    for (const DecodedEvent& event : read_events(event_files(options.output).at(0))) {
        if (!event.scalars.empty()) told.push_back(event.scalars.at("night/bn1/moving_mean/0"));
    }
    std::vector<float> recorded;
    for (const EpochRecord& record : watcher.records) {
        recorded.push_back(record.domains[0].norms.at(0).moving_mean[0]);
    }
    CHECK(told == recorded);
}

TEST_CASE("a run on domains that is stopped and resumed equals one that was not") {
    const DomainScene scene;
    RunScene::run(scene.options("straight"));
    TrainOptions options = scene.options("stopped");
    Watcher first;
    first.stop_after = 4;
    CHECK(RunScene::run(options, first) == RunEnd::stopped);
    options.resume = true;
    TrainOptions other = options;
    std::swap(other.domains[0], other.domains[1]);
    CHECK(contains(RunScene::refusal(other), "begun with streams day night, and now it is "));
    other.domains.pop_back();
    CHECK(contains(RunScene::refusal(other), "begun with streams day night, and now it is "));
    CHECK(RunScene::run(options) == RunEnd::finished);
    for (const std::string& name : files_of(scene.folder / "straight")) {
        if (name == "config.json" || name == "history.csv") continue;
        INFO(name);
        CHECK(file_text(scene.folder / "stopped" / name) == file_text(scene.folder / "straight" / name));
    }
    CHECK(timeless(scene.folder / "stopped/history.csv") == timeless(scene.folder / "straight/history.csv"));
}

TEST_CASE("pairs of domains that do not fit together are refused") {
    const DomainScene scene;
    const auto refusal = [&](const std::vector<Domain>& domains, std::uint32_t side) {
        const SizeRule rule = side == 0 ? SizeRule{} : SizeRule{SizeRule::Kind::squares, side};
        return message_of<InputError>([&] { check_pairs(domains, rule); });
    };
    CHECK(refusal({scene.domain("day"), scene.domain("night")}, 0).empty());
    CHECK(contains(refusal({scene.domain("day"), scene.domain("dusk")}, 0), "no such folder"));
    write_pairs(scene.folder / "large", 1, 16, 11);
    CHECK(contains(refusal({scene.domain("day"), scene.domain("large")}, 0), "is 16x11"));
    CHECK(refusal({scene.domain("day"), scene.domain("large")}, 8).empty());
    for (const char* kind : {"input", "target"}) {
        fs::rename(scene.folder / "large" / kind / "p0.png", scene.folder / "large" / kind / "a_p0.png");
    }
    Domain day = scene.domain("large"), of_day = scene.domain("day");
    day.name = "x";
    of_day.name = "x_a";
    CHECK(contains(refusal({day, of_day}, 8), "would have one name, x_a_p0; give one of their streams"));
}
