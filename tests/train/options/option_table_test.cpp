// The table of options: what it says of each, and that nothing depends on what the defaults are.
#include "train/options/option_table.h"

#include <set>
#include <string>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// No option is what it is by default, or as the reference has it.
TrainOptions unlike_all() {
    TrainOptions options;
    options.network.two_layer = {.hidden = 7,
                                 .kernel = 5,
                                 .activation = "tanh",
                                 .norm = NormPlacement::after,
                                 .residual = false,
                                 .decay = 0.5f,
                                 .epsilon = 0.1f,
                                 .center = false,
                                 .scale = false,
                                 .range = {-1, 1},
                                 .padding = PicturePadding::reflect};
    options.optimizer = {OptimizerKind::sgd, 0.5f, 0.1f, 0.2f, 0.3f, 0.4f, 0.6f};
    options.start = {{WeightRule::truncated, 0.25f}, 0.5f, 2};
    options.schedule = {ScheduleKind::exponential, 0.5f, 7, true};
    options.debias = options.zero_init_residual = options.flip = options.solve = options.align = true;
    options.resize = false;
    options.crops = 3;
    options.freeze_norm = options.epochs = options.batch = options.size = 3;
    options.steps = options.epoch_steps = options.crop_pad = 3;
    options.drop_last = options.in_order = true;
    options.validate_every = options.early_stop = 3;
    options.seed = 3;
    options.plan = PlanKind::stack;
    return options;
}

}  // namespace

TEST_CASE("the reference is what it is, whatever the defaults are") {
    TrainOptions options = unlike_all();
    for (const Option& row : option_table()) {
        if (row.facts.reference != nullptr) read_text(row.place(options), row.facts.reference);
    }
    const NetworkOptions network{.hidden = 16,
                                 .kernel = 3,
                                 .activation = "none",
                                 .norm = NormPlacement::before,
                                 .residual = true,
                                 .decay = 0.9f,
                                 .epsilon = 1e-5f,
                                 .center = true,
                                 .scale = true,
                                 .range = {0, 1},
                                 .padding = PicturePadding::zero};
    CHECK(options.network.two_layer == network);
    CHECK(options.optimizer == OptimizerOptions{OptimizerKind::adam, 0.001f, 0.9f, 0.999f, 1e-8f, 0.9f, 0});
    CHECK(options.start == StartValues{{WeightRule::reference, 0}, 0});
    CHECK(options.schedule == Schedule{ScheduleKind::constant, Schedule::usual_rate, 0, false});
    CHECK_FALSE(options.debias);
    CHECK_FALSE(options.zero_init_residual);
    CHECK_FALSE(options.solve);
    CHECK(options.freeze_norm == 0);
    CHECK(options.epochs == 5);
    CHECK(options.batch == 0);
    CHECK(options.epoch_steps == 0);
    CHECK_FALSE(options.drop_last);
    CHECK_FALSE(options.in_order);
    CHECK(options.crop_pad == 0);
    CHECK(options.resize);
    CHECK(options.size == 512);
    CHECK(options.validate_every == 0);
    CHECK(options.early_stop == 0);
    // The seed and how steps are run are no part of it.
    CHECK(options.seed == 3);
    CHECK(options.plan == PlanKind::stack);
}

TEST_CASE("a config.json without an option means what it meant when there was no such option") {
    TrainOptions options = unlike_all();
    for (const Option& row : option_table()) {
        if (row.facts.absent != nullptr && row.name() != "stream")
            read_text(row.place(options), row.facts.absent);
    }
    CHECK(options.network.two_layer.center);
    CHECK(options.network.two_layer.scale);
    CHECK(options.network.two_layer.range == PixelRange{0, 1});
    CHECK(options.schedule == Schedule{ScheduleKind::constant, Schedule::usual_rate, 0, false});
    CHECK_FALSE(options.debias);
    CHECK_FALSE(options.zero_init_residual);
    CHECK_FALSE(options.solve);
    CHECK(options.freeze_norm == 0);
    CHECK(options.validate_every == 0);
    CHECK(options.early_stop == 0);
    CHECK(options.plan == PlanKind::automatic);
    CHECK(options.resize);
    CHECK(options.crops == 1);
    CHECK_FALSE(options.flip);
    CHECK(options.epoch_steps == 0);
    CHECK_FALSE(options.drop_last);
    CHECK_FALSE(options.in_order);
    CHECK(options.crop_pad == 0);
    CHECK(options.optimizer.weight_decay == 0);
    CHECK(options.start == StartValues{{WeightRule::reference, 0}, 0});
    for (const auto& [key, value] : absent_checkpoint_entries()) {
        CHECK(checkpoint_entries(options).at(key) == value);
    }
    CHECK(absent_checkpoint_entries().contains("optimizer_weight_decay"));
}

TEST_CASE("what shapes the start or the steps is part of a run, and only the steps of a checkpoint") {
    const TrainOptions options = unlike_all();
    const auto run = run_identity(options);
    CHECK(run.at("weights") == "truncated:0.25");
    CHECK(run.at("biases") == "0.5");
    CHECK(run.at("beta-spread") == "2");
    CHECK(run.at("weight-decay") == "0.6");
    CHECK(checkpoint_entries(options).at("optimizer_weight_decay") == "0.6");
}

TEST_CASE("the help of --activation has all its words") {
    for (const Option& row : option_table()) {
        if (row.name() != "activation") continue;
        CHECK(contains(row.help, "after the first layer: " + activation_choices()));
    }
}

TEST_CASE("names and keys of options are there once, and their values go through text") {
    std::set<std::string> names, keys;
    for (const Option& row : option_table()) {
        INFO(row.flag << " " << row.key);
        CHECK((row.name().empty() || names.insert(row.name()).second));
        CHECK((*row.key == '\0' || keys.insert(row.key).second));
        CHECK((row.name().empty() || *row.help != '\0'));
        if (row.name() == "stream") continue;
        const TrainOptions from = unlike_all();
        TrainOptions by_text, copied;
        read_text(row.place(by_text), row.text(from));
        CHECK(row.text(by_text) == row.text(from));
        row.copy(from, copied);
        CHECK(row.text(copied) == row.text(from));
    }
    CHECK(names.contains("no-scale"));
    CHECK(keys.contains("optimizer learning_rate"));
}
