// Runs that are steered by hand: rests, and rates that change on the way.
#include <chrono>
#include <functional>
#include <thread>

#include "model/model_file.h"
#include "train/logs/epoch_log.h"
#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

/// Does something before a certain step.
class Hand : public RunControl {
  public:
    Hand(std::uint64_t step, std::function<void(Trainer&)> act) : step_(step), act_(std::move(act)) {}
    std::chrono::steady_clock::duration before_step(Trainer& trainer) override {
        const auto begin = std::chrono::steady_clock::now();
        seen.push_back(trainer.steps_done());
        if (trainer.steps_done() == step_) act_(trainer);
        return std::chrono::steady_clock::now() - begin;
    }
    std::vector<std::uint64_t> seen;

  private:
    std::uint64_t step_;
    std::function<void(Trainer&)> act_;
};

struct SteeredScene {
    SteeredScene() { write_pairs(folder.path(), 4, 9, 7); }
    TrainOptions options(const char* output) const {
        TrainOptions options = small_options();
        options.input = folder / "input";
        options.target = folder / "target";
        options.output = folder / output;
        options.batch = 2;
        return options;
    }
    TemporaryFolder folder;
};

}  // namespace

TEST_CASE("a control is asked before every step") {
    const SteeredScene scene;
    Watcher watcher;
    Hand hand(99, {});
    RunScene::run(scene.options("run"), watcher, &hand);
    CHECK(hand.seen == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("rates change from the next step on, and the run can be repeated from its configuration") {
    const PlanKind plan = GENERATE(PlanKind::fused, PlanKind::stack);
    INFO(to_string(plan));
    const SteeredScene scene;
    TrainOptions options = scene.options("steered");
    options.plan = plan;
    Watcher steered, plain, repeated;
    Hand hand(3, [](Trainer& trainer) { trainer.change_rates({0.002f, 0.5f}); });
    RunScene::run(options, steered, &hand);
    REQUIRE(steered.records.size() == 3);
    CHECK(steered.records[0].learning_rate == 0.01f);
    CHECK(steered.records[2].learning_rate == 0.002f);

    TrainOptions again = read_config(options.output / "config.json");
    CHECK(again.changes == std::vector<RateChange>{{3, {0.002f, 0.5f}}});
    again.output = scene.folder / "repeated";
    RunScene::run(again, repeated);
    CHECK(same_bits(repeated.latest, steered.latest));

    options.output = scene.folder / "plain";
    RunScene::run(options, plain);
    CHECK_FALSE(same_bits(plain.latest, steered.latest));
    CHECK(plain.records[0].train_loss == steered.records[0].train_loss);
    // One decay of 0.9 and one of 0.5 in the second epoch: the batch counts for more.
    CHECK(plain.records[1].norms[0].moving_variance != steered.records[1].norms[0].moving_variance);
}

TEST_CASE("a model keeps its count of updates where all had one decay") {
    const SteeredScene scene;
    const auto updates_with = [&](const char* output, const Rates& rates) {
        Watcher watcher;
        Hand hand(3, [&](Trainer& trainer) { trainer.change_rates(rates); });
        RunScene::run(scene.options(output), watcher, &hand);
        return read_model(scene.folder / output / "model.safetensors").norm_updates;
    };
    CHECK(updates_with("slower", {0.002f, 0.9f}) == 6u);
    CHECK_FALSE(updates_with("shorter", {0.01f, 0.5f}));
}

TEST_CASE("a rest is not an epoch's time") {
    const SteeredScene scene;
    Watcher watcher;
    const std::chrono::seconds rest(2);
    Hand hand(3, [&](Trainer&) { std::this_thread::sleep_for(rest); });
    RunScene::run(scene.options("run"), watcher, &hand);
    REQUIRE(watcher.records.size() == 3);
    CHECK(watcher.records[1].seconds < 1.5);
}

TEST_CASE("a steered run that is stopped and resumed ends as one that was not") {
    const SteeredScene scene;
    TrainOptions whole = scene.options("whole"), parts = scene.options("parts");
    Watcher straight, first, second;
    Hand change(1, [](Trainer& trainer) { trainer.change_rates({0.002f, 0.5f}); });
    RunScene::run(whole, straight, &change);

    Hand change_and_stop(1, [&](Trainer& trainer) {
        trainer.change_rates({0.5f, 0.1f});  // the latter of two changes at one step holds
        trainer.change_rates({0.002f, 0.5f});
        first.stop = true;
    });
    CHECK(RunScene::run(parts, first, &change_and_stop) == RunEnd::stopped);
    parts.resume = true;
    CHECK(RunScene::run(parts, second) == RunEnd::finished);
    CHECK(same_bits(second.latest, straight.latest));
    CHECK(file_text(parts.output / "epochs.bin") == file_text(whole.output / "epochs.bin"));
}

TEST_CASE("a change of rates is refused where no run would take it") {
    const SteeredScene scene;
    Watcher watcher;
    const Rates rates = GENERATE(Rates{0.0f, 0.9f}, Rates{0.1f, 1.0f}, Rates{NAN, 0.9f});
    Hand hand(1, [&](Trainer& trainer) { trainer.change_rates(rates); });
    CHECK_THROWS_AS(RunScene::run(scene.options("run"), watcher, &hand), InputError);
}

TEST_CASE("an epoch knows what its last batch was normalised by") {
    const PlanKind plan = GENERATE(PlanKind::fused, PlanKind::stack);
    INFO(to_string(plan));
    const SteeredScene scene;
    TrainOptions options = scene.options("run");
    options.plan = plan;
    options.epochs = 1;
    options.batch = 0;
    Watcher watcher;
    RunScene::run(options, watcher);
    REQUIRE(watcher.records.size() == 1);
    for (const NormStatistics& norm : watcher.records[0].norms) {
        for (std::size_t c = 0; c < norm.moving_mean.size(); ++c) {
            // After one step from 0 and 1.
            CHECK(norm.moving_mean[c] == Approx(0.1 * norm.batch_mean[c]).epsilon(1e-5).margin(1e-7));
            CHECK(norm.moving_variance[c] == Approx(0.9 + 0.1 * norm.batch_variance[c]).epsilon(1e-5));
        }
    }
    const auto states = read_epoch_log(options.output / "epochs.bin", options.network.network());
    REQUIRE(states.size() == 2);
    CHECK(same_bits(states[0].parameters, initial_parameters(options.network.network(), options.seed)));
    CHECK(same_bits(states[1].parameters, watcher.latest));
    CHECK(states[1].norms.at(1).batch_mean == watcher.records[0].norms.at(1).batch_mean);
}
