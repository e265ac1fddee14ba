#include "train/options/schedule.h"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "train/run_scene.h"
#include "train/train_test_tools.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr Schedule falling{ScheduleKind::cosine, 0.25f, 8};
constexpr Schedule halving{ScheduleKind::exponential, 0.5f, 4};
constexpr Schedule stairs{ScheduleKind::exponential, 0.5f, 4, true};

std::string schedule_refusal(const Schedule& schedule) {
    return message_of<InputError>([&] { validate(schedule); });
}

/// A run of three epochs of three steps.
TrainOptions scheduled(const RunScene& scene, const char* output, const Schedule& schedule) {
    TrainOptions options = scene.options(output);
    options.schedule = schedule;
    options.test.clear();
    options.plan = PlanKind::stack;  // the kernels of which validation has in any case
    return options;
}

}  // namespace

TEST_CASE("a constant schedule is 1 at every step") {
    for (const std::uint64_t step : {0ull, 1ull, 1'000'000'000'000ull})
        CHECK(schedule_factor({}, step) == 1.0);
}

TEST_CASE("a cosine falls from 1 to its rate, and stays there") {
    CHECK(schedule_factor(falling, 0) == 1.0);
    CHECK(schedule_factor(falling, 2) == Approx(0.25 + 0.75 * (1 + std::sqrt(0.5)) / 2));
    CHECK(schedule_factor(falling, 4) == Approx(0.625));
    CHECK(schedule_factor(falling, 6) == Approx(0.25 + 0.75 * (1 - std::sqrt(0.5)) / 2));
    for (std::uint64_t step = 0; step < 8; ++step) {
        CHECK(schedule_factor(falling, step) > schedule_factor(falling, step + 1));
    }
    for (const std::uint64_t step : {8ull, 9ull, 1'000'000'000'000ull}) {
        CHECK(schedule_factor(falling, step) == 0.25);
    }
}

TEST_CASE("an exponential is its rate after its steps, its square after twice as many") {
    CHECK(schedule_factor(halving, 0) == 1.0);
    CHECK(schedule_factor(halving, 2) == Approx(std::sqrt(0.5)));
    CHECK(schedule_factor(halving, 4) == Approx(0.5));
    CHECK(schedule_factor(halving, 12) == Approx(0.125));
    const double by_step[] = {1, 1, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25};
    for (std::uint64_t step = 0; step < 9; ++step) CHECK(schedule_factor(stairs, step) == by_step[step]);
}

TEST_CASE("the usual rates are 0 for a cosine and 0.96 for an exponential") {
    CHECK(schedule_factor({.kind = ScheduleKind::cosine, .steps = 5}, 5) == 0.0);
    CHECK(schedule_factor({.kind = ScheduleKind::exponential, .steps = 5}, 5) ==
          schedule_factor({ScheduleKind::exponential, 0.96f, 5}, 5));
}

TEST_CASE("a schedule that still lacks its steps has no factor") {
    CHECK_THROWS_AS(schedule_factor({.kind = ScheduleKind::cosine}, 0), std::invalid_argument);
}

TEST_CASE("schedules are named and described") {
    for (const ScheduleKind kind :
         {ScheduleKind::constant, ScheduleKind::cosine, ScheduleKind::exponential}) {
        CHECK(schedule_kind(to_string(kind)) == kind);
    }
    CHECK(contains(message_of<InputError>([] { schedule_kind("linear"); }),
                   "schedule \"linear\" is not known"));
    CHECK(describe(Schedule{}) == "constant");
    CHECK(describe(falling) == "cosine to 0.25 in 8 steps");
    CHECK(describe(Schedule{.kind = ScheduleKind::exponential, .steps = 3}) ==
          "exponential, times 0.96 in 3 steps");
    CHECK(describe(stairs) == "exponential, times 0.5 in 4 steps, in stairs");
}

TEST_CASE("a schedule that makes no sense is refused by the name of its flag") {
    using enum ScheduleKind;
    CHECK(schedule_refusal({}).empty());
    for (const float rate : {0.0f, 1.0f, Schedule::usual_rate})
        CHECK(schedule_refusal({cosine, rate, 1}).empty());
    CHECK(schedule_refusal({exponential, 1e-30f, 0, true}).empty());
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    for (const float rate : {1.001f, -0.5f, -2.0f, nan, -nan, std::numeric_limits<float>::infinity()}) {
        for (const ScheduleKind kind : {constant, cosine, exponential}) {
            CHECK(contains(schedule_refusal({kind, rate, 1}), "--schedule-rate is \""));
        }
    }
    CHECK(contains(schedule_refusal({exponential, 0.0f, 1}), "needs one above 0"));
    CHECK(
        contains(schedule_refusal({cosine, 0.5f, 1, true}), "--staircase goes with --schedule exponential"));
    CHECK(contains(schedule_refusal({constant, Schedule::usual_rate, 0, true}), "--staircase"));
    CHECK(contains(schedule_refusal({constant, 0.5f, 0}), "give --schedule cosine or exponential"));
    CHECK(contains(schedule_refusal({constant, Schedule::usual_rate, 7}),
                   "give --schedule cosine or exponential"));
}

TEST_CASE("a run's schedule gets the steps of the whole run, and its history the rates") {
    const RunScene scene;
    const TrainOptions options = scheduled(scene, "run", {.kind = ScheduleKind::cosine});
    Watcher watcher;
    scene.run(options, watcher);
    const Schedule kept = read_config(options.output / "config.json").schedule;
    CHECK(kept == Schedule{.kind = ScheduleKind::cosine, .steps = 9});
    CHECK(watcher.notes.empty());
    REQUIRE(watcher.records.size() == 3);
    for (const EpochRecord& record : watcher.records) {
        // Of the epoch's last step.
        const double turns = static_cast<double>(record.step - 1) / 9;
        const double rate = options.optimizer.learning_rate * (1 + std::cos(M_PI * turns)) / 2;
        CHECK(record.learning_rate == Approx(rate).epsilon(1e-6));
    }
}

TEST_CASE("a scheduled run has the bits of one whose rates are changed before every step") {
    const ValidatedDevice device;
    const PicturePairs data = made_data(5, 19, 13);
    TrainOptions options = small_options(), by_hand = options;
    options.batch = by_hand.batch = 2;
    options.schedule = stairs;
    options.schedule.steps = 2;
    for (std::uint64_t step = 0; step < 9; ++step) {
        const float rate = options.optimizer.learning_rate * std::ldexp(1.0f, -static_cast<int>(step / 2));
        by_hand.changes.push_back({step, {rate, options.network.two_layer.decay}});
    }
    Trainer one = made_trainer(options, data), other = made_trainer(by_hand, data);
    for (std::uint32_t epoch = 0; epoch < 3; ++epoch) {
        REQUIRE(one.run_epoch(never, {}));
        REQUIRE(other.run_epoch(never, {}));
    }
    CHECK(same_bits(one.parameters(), other.parameters()));
}

TEST_CASE("a scheduled run that is stopped and resumed has the bits of one that was not") {
    const RunScene scene;
    const Schedule schedule{.kind = ScheduleKind::exponential, .rate = 0.3f};
    scene.run(scheduled(scene, "straight", schedule));
    // With the one of its config.json, or with one that is said again.
    for (const bool of_config : {true, false}) {
        INFO(of_config);
        TrainOptions options = scheduled(scene, of_config ? "one" : "other", schedule);
        Watcher first;
        first.stop_after = 4;
        CHECK(scene.run(options, first) == RunEnd::stopped);
        options.resume = true;
        if (of_config) options.schedule = read_config(options.output / "config.json").schedule;
        CHECK(scene.run(options) == RunEnd::finished);
        CHECK(file_text(options.output / "checkpoint.safetensors") ==
              file_text(scene.folder / "straight/checkpoint.safetensors"));
    }
}

TEST_CASE("more epochs do not stretch a run's schedule, and another schedule is refused") {
    const RunScene scene;
    TrainOptions options = scheduled(scene, "run", {.kind = ScheduleKind::cosine});
    options.epochs = 1;
    scene.run(options);
    options.resume = true;
    options.epochs = 2;
    TrainOptions other = options;
    other.schedule = {};
    CHECK(
        contains(scene.refusal(other), "begun with schedule cosine to 0 in 3 steps, and now it is constant"));
    other.schedule = {.kind = ScheduleKind::cosine, .steps = 4};
    CHECK(contains(scene.refusal(other), "and now it is cosine to 0 in 4 steps"));
    Watcher watcher;
    scene.run(options, watcher);
    CHECK(read_config(options.output / "config.json").schedule.steps == 3);
    REQUIRE(watcher.records.size() == 1);
    CHECK(watcher.records[0].learning_rate == 0.0f);
    REQUIRE(watcher.notes.size() == 1);
    CHECK(contains(watcher.notes[0], "cosine to 0 in 3 steps) ends before the run does"));
}
