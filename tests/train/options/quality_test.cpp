// The defaults that --quality chooses, and when they give way to what is given by hand.
#include "train/options/quality.h"

#include <set>
#include <string>

#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

TrainOptions with_places(TrainOptions options) {
    options.input = "in";
    options.target = "out";
    options.output = "run";
    return options;
}

/// Those of normal that are so made up, after they gave way to the named flags.
TrainOptions after_giving_way(const std::set<std::string>& given,
                              const std::function<void(TrainOptions&)>& change) {
    TrainOptions options = with_places(default_options(Quality::normal));
    options.freeze_norm = NormFreeze::after_percent(50);
    options.zero_init_residual = true;
    change(options);
    options.network.look_up();
    give_way(options, [&](const Option& row) { return given.contains(row.flag); });
    return options;
}

}  // namespace

TEST_CASE("every quality is a run that may begin, and takes longer than the one before") {
    double work = 0;
    for (const Quality each : {Quality::draft, Quality::normal, Quality::best}) {
        INFO(to_string(each));
        CHECK(quality(to_string(each)) == each);
        TrainOptions options = with_places(default_options(each));
        options.network.look_up();
        give_way(options, [](const Option&) { return false; });
        validate(options);
        const double values =
            static_cast<double>(initial_parameters(options.network.network(), 0).trainable_values());
        const double now = values * options.epochs * options.crops * options.size * options.size;
        CHECK(now > work);
        work = now;
    }
    CHECK_THROWS_AS(quality("good"), InputError);
}

TEST_CASE("a classifier's defaults leave betas at 0, weights undecayed and all layers as trained") {
    for (const Quality each : {Quality::draft, Quality::normal, Quality::best}) {
        TrainOptions options = default_options(each, true);
        options.labelled = "set";
        options.output = "run";
        options.network.asked = "input 1x4x5, dense 6, norm, relu, dense 3";
        options.network.look_up();
        give_way(options, [](const Option&) { return false; });
        CHECK(options.start.beta_spread == 0);
        CHECK(options.optimizer.weight_decay == 0);
        CHECK_FALSE(options.solve);
        validate(options);
    }
}

TEST_CASE("defaults give way where the network has no use for them") {
    using O = TrainOptions;
    const TrainOptions kept = after_giving_way({}, [](O&) {});
    CHECK(kept.freeze_norm == NormFreeze::after_percent(50));
    CHECK(kept.zero_init_residual);
    CHECK(kept.start.beta_spread > 0);
    const TrainOptions normless =
        after_giving_way({}, [](O& o) { o.network.two_layer.norm = NormPlacement::none; });
    CHECK(normless.freeze_norm == 0);
    CHECK_FALSE(normless.zero_init_residual);
    CHECK(normless.start.beta_spread == 0);
    validate(normless);
    const auto spread = [](const auto& change) { return after_giving_way({}, change).start.beta_spread; };
    CHECK(spread([](O& o) { o.network.two_layer.activation = "none"; }) == 0);
    CHECK(spread([](O& o) { o.network.two_layer.norm = NormPlacement::after; }) == 0);
    CHECK(spread([](O& o) { o.network.two_layer.center = false; }) == 0);
    CHECK(spread([](O& o) { o.init = "model.safetensors"; }) == 0);
    CHECK(spread([](O& o) { o.network.asked = "dncnn"; }) > 0);
    const auto begins_unchanged = [](const auto& change) {
        return after_giving_way({}, change).zero_init_residual;
    };
    CHECK_FALSE(begins_unchanged([](O& o) { o.network.two_layer.residual = false; }));
    CHECK_FALSE(begins_unchanged([](O& o) { o.network.two_layer.scale = false; }));
    CHECK_FALSE(begins_unchanged([](O& o) { o.network.asked = "dncnn"; }));
    CHECK_FALSE(begins_unchanged([](O& o) { o.init = "model.safetensors"; }));
    CHECK(begins_unchanged([](O& o) { o.network.asked = "input 3, conv 3 1x1, norm, add input"; }));
}

TEST_CASE("crops give way to whole pictures, and their steps of some to steps of all") {
    const auto taken = [](const std::set<std::string>& given, bool resize, std::uint32_t size) {
        return after_giving_way(given, [&](TrainOptions& o) {
            o.resize = resize;
            o.size = size;
            o.crops = 40;
            o.flip = true;
            o.batch = 16;
        });
    };
    const TrainOptions crops = taken({}, false, 64);
    CHECK(crops.crops == 40);
    CHECK(crops.flip);
    CHECK(crops.batch == 16);
    const TrainOptions whole = taken({"--size"}, false, 0);
    CHECK(whole.crops == 1);
    CHECK_FALSE(whole.flip);
    CHECK(whole.batch == 0);
    const TrainOptions resized = taken({"--resize"}, true, 64);
    CHECK(resized.size == 512);
    CHECK(resized.crops == 1);
    CHECK(taken({"--resize", "--size", "--batch"}, true, 64).size == 64);
    CHECK(taken({"--resize", "--size", "--batch"}, true, 64).batch == 16);
}

TEST_CASE("the classic defaults are those of the time before") {
    const TrainOptions options = classic_options();
    CHECK(options.network.two_layer == NetworkOptions{.hidden = 16, .activation = "none"});
    CHECK(options.optimizer == OptimizerOptions{OptimizerKind::adam, 0.01f});
    CHECK(options.schedule == Schedule{});
    CHECK(options.freeze_norm == 0);
    CHECK_FALSE(options.zero_init_residual);
    CHECK_FALSE(options.solve);
    CHECK(options.resize);
    CHECK(options.size == 512);
    CHECK(options.crops == 1);
    CHECK(options.batch == 0);
    CHECK(options.epochs == 200);
}

TEST_CASE("another run like one that has begun takes its own length") {
    TrainOptions begun = with_places(TrainOptions());
    begun.epochs = 30;
    begun.freeze_norm = NormFreeze::after_percent(50).in(30);
    begun.data.training.resize(5);
    begun.resize = false;
    begun.crops = 3;
    begun.batch = 2;  // 8 steps for 15 crops
    begun.schedule = {.kind = ScheduleKind::cosine, .steps = 240};
    CHECK(renewed(begun).freeze_norm == NormFreeze::after_percent(50));
    CHECK(renewed(begun).schedule.steps == 0);
    begun.freeze_norm = 20;
    begun.schedule.steps = 239;
    CHECK(renewed(begun).freeze_norm == 20);
    CHECK(renewed(begun).schedule.steps == 239);
}

TEST_CASE("another run like one in rounds takes its own length") {
    TrainOptions begun = with_places(TrainOptions());
    begun.epochs = 30;
    begun.epoch_steps = 50;
    begun.batch = 2;
    begun.schedule = {.kind = ScheduleKind::cosine, .steps = 1500};
    CHECK(renewed(begun).schedule.steps == 0);
    begun.data.training.resize(5);
    CHECK(renewed(begun).schedule.steps == 0);
    begun.schedule.steps = 90;  // that of 30 passes
    CHECK(renewed(begun).schedule.steps == 90);
}

TEST_CASE("a number of steps is one of whole epochs") {
    const auto taken = [](std::uint64_t steps, std::uint32_t of_epoch, bool epochs_given = false) {
        TrainOptions options;
        options.steps = steps;
        options.epoch_steps = of_epoch;
        take_steps(options,
                   [&](const Option& row) { return epochs_given && row.flag == std::string("--epochs"); });
        CHECK(options.steps == 0);
        return options.epochs;
    };
    CHECK(taken(1000, 50) == 20);
    CHECK(taken(7, 7) == 1);
    CHECK(taken(1'000'000'000'000, 1'000'000) == 1'000'000);
    CHECK(taken(0, 50) == TrainOptions().epochs);
    CHECK(taken(0, 0, true) == TrainOptions().epochs);
    const auto refusal = [&](std::uint64_t steps, std::uint32_t of_epoch, bool epochs_given = false) {
        return message_of<InputError>([&] { taken(steps, of_epoch, epochs_given); });
    };
    CHECK(contains(refusal(1000, 0), "--epoch-steps does not say how many are an epoch"));
    CHECK(contains(refusal(1000, 300), "use a multiple of --epoch-steps, 300, up to 300000000"));
    CHECK(contains(refusal(40, 50), "--steps is \"40\"; use a multiple of --epoch-steps, 50"));
    CHECK(contains(refusal(1'000'001, 1), "up to 1000000"));
    CHECK(contains(refusal(1000, 50, true), "--steps and --epochs both say how long the run is"));
}

TEST_CASE("what was given by hand does not give way, and is refused") {
    const TrainOptions options = after_giving_way(
        {"--freeze-norm"}, [](TrainOptions& o) { o.network.two_layer.norm = NormPlacement::none; });
    CHECK(options.freeze_norm == NormFreeze::after_percent(50));
    CHECK_FALSE(options.zero_init_residual);
    CHECK_THROWS_AS(validate(options), InputError);
}

TEST_CASE("a share of the epochs is a whole number of them, with some before and some behind") {
    constexpr NormFreeze half = NormFreeze::after_percent(50);
    CHECK(half.in(200) == 101);
    CHECK(half.in(3) == 3);
    CHECK(half.in(2) == 2);
    CHECK(half.in(1) == 0);
    CHECK(NormFreeze::after_percent(90).in(10) == 10);
    CHECK(NormFreeze::after_percent(99).in(10) == 0);
    CHECK(NormFreeze::after_percent(1).in(4'000'000'000) == 40'000'001);
    CHECK(NormFreeze(7).in(200) == 7);
    CHECK(NormFreeze(0).in(200) == 0);
    CHECK(to_string(half) == "50%");
    CHECK(norm_freeze("50%") == half);
    CHECK(norm_freeze("7") == 7);
    CHECK(norm_freeze("7") != NormFreeze::after_percent(7));
    for (const char* text :
         {"", "first", "-1", "1.5", "%", "0%", "100%", "5%%", "4294967295", "4294967296"}) {
        CHECK_THROWS_AS(norm_freeze(text), InputError);
    }
}

TEST_CASE("config.json keeps the share of frozen epochs until a run begins, and then the first of them") {
    TrainOptions options = with_places(TrainOptions());
    options.freeze_norm = NormFreeze::after_percent(50);
    const std::string text = config_text(options, "a device");
    CHECK(contains(text, "\"freeze_norm\": \"50%\""));
    CHECK(parse_config(text, "c.json").freeze_norm == NormFreeze::after_percent(50));
    options.freeze_norm = options.freeze_norm.in(200);
    const std::string resolved = config_text(options, "a device");
    CHECK(contains(resolved, "\"freeze_norm\": 101"));
    CHECK(parse_config(resolved, "c.json").freeze_norm == 101);
}
