// Whole runs with what can be asked of the norms, beside float64's.
#include <algorithm>
#include <cmath>
#include <optional>

#include "engine/picture_filter.h"
#include "engine/plan_choice.h"
#include "engine/two_layer/fused_network.h"
#include "reference/training.h"
#include "train/debiased_decay.h"
#include "train/reference_tools.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t columns = 11, rows = 8;
/// A decay is a float32, which leaves 1 - 0.999 off by 3e-5 of itself, and a thousand of them off by as much.
constexpr double debias_tolerance = 1e-4;

/// Three epochs of three steps, the last of an epoch with a smaller batch.
TrainOptions run_options() {
    TrainOptions options = small_options();
    options.batch = 2;
    options.epochs = 3;
    return options;
}

PicturePairs run_data() {
    PicturePairs data(std::vector<std::string>(5, "picture"), columns, rows);
    for (std::uint32_t i = 0; i < 5; ++i) {
        const Image input = levels_of(made_picture(columns, rows, i));
        data.set(i, input, levels_of(grey_of(input)));
    }
    return data;
}

Parameters start_of(const TrainOptions& options) {
    Parameters start = initial_parameters(options.network.network(), options.seed);
    if (options.zero_init_residual) start.at("bn2.weight").values.assign(3, 0.0f);
    return start;
}

Trainer begun(const TrainOptions& options, const PicturePairs& data) {
    // Small tiles, which are quick to compile.
    return {test_device(),
            options,
            data,
            nullptr,
            start_of(options),
            default_tiles(DeviceKind::discrete, options.network.two_layer.kernel)};
}

/// Of a step, by the schedules' formulas.
double rate_of(const TrainOptions& options, std::uint64_t step) {
    const Schedule& schedule = options.schedule;
    const double turns =
        static_cast<double>(step) / static_cast<double>(std::max<std::uint64_t>(1, schedule.steps));
    const double rate = options.rates(step).learning_rate, kept = schedule.rate;
    switch (schedule.kind) {
        case ScheduleKind::constant:
            return rate;
        case ScheduleKind::cosine:
            return rate *
                   (kept + (1 - kept) * (0.5 + 0.5 * std::cos(std::acos(-1.0) * std::min(1.0, turns))));
        case ScheduleKind::exponential:
            return rate * std::exp(std::log(kept) * (schedule.staircase ? std::floor(turns) : turns));
    }
    return rate;
}

/// One run on the device and in float64, epoch by epoch. Returns what it ends with.
Parameters check_run(const TrainOptions& options, const PicturePairs& data) {
    INFO(to_string(options.plan));
    Trainer trainer = begun(options, data);
    reference::Training truth({.network = options.network.network(),
                               .optimizer = options.optimizer,
                               .debias = options.debias,
                               .freeze_norm = options.freeze_norm.epoch(),
                               .zero_init_residual = options.zero_init_residual},
                              start_of(options));
    std::uint64_t step = 0;
    for (std::uint32_t epoch = 1; epoch <= options.epochs; ++epoch) {
        const std::optional<EpochRecord> record = trainer.run_epoch(never, {});
        REQUIRE(record);
        std::mt19937_64 random = random_stream(options.seed, epoch - 1);
        double sum = 0;
        for (const std::vector<std::uint32_t>& batch :
             batches_of(permutation(data.size(), random), options.batch)) {
            truth.set_learning_rate(static_cast<float>(rate_of(options, step)));
            const double decay = reference::decimal(options.rates(step++).decay.value());
            sum += static_cast<double>(batch.size()) *
                   truth.step(gathered_inputs(data, batch), gathered_targets(data, batch), epoch, decay);
        }
        require_near_loss(record->train_loss, sum / data.size());
        for (const NamedTensor& tensor : trainer.epoch_parameters().tensors()) {
            require_near(fmt::format("{} after epoch {}", tensor.name, epoch), tensor.values,
                         truth.network().values().at(tensor.name), check::tolerance::golden_parameters);
        }
    }
    CHECK(trainer.norm_updates().at(0) == truth.norm_updates());
    PictureFilter filter(test_device(), options.network.network(), trainer.parameters());
    require_near("output", filter.apply(data.input_picture(0)).values,
                 truth.network().infer(gathered_inputs(data, {0})).values, check::tolerance::golden_output);
    return trainer.parameters();
}

/// The plans that take the network.
std::vector<PlanKind> plans_of(const TrainOptions& options) {
    const bool fused = match_fused(options.network.network()).network.has_value();
    return fused ? std::vector{PlanKind::stack, PlanKind::fused} : std::vector{PlanKind::stack};
}

void check_runs(TrainOptions options, const PicturePairs& data) {
    for (const PlanKind plan : plans_of(options)) {
        options.plan = plan;
        check_run(options, data);
    }
}

/// A run that stops in its second epoch and goes on, beside one that goes on from the checkpoint of then.
void check_resumed(const TrainOptions& options, const PicturePairs& data) {
    INFO(to_string(options.plan));
    const TemporaryFolder folder;
    Trainer straight = begun(options, data), resumed = begun(options, data);
    REQUIRE(straight.run_epoch(never, {}));
    std::atomic<bool> stop = false;
    REQUIRE_FALSE(straight.run_epoch(stop, [&](std::uint32_t step) { stop = step == 1; }));
    straight.save_checkpoint(folder / "checkpoint.safetensors");
    resumed.restore_checkpoint(folder / "checkpoint.safetensors");
    CHECK(resumed.norm_updates() == straight.norm_updates());
    for (int epoch = 2; epoch <= 3; ++epoch) {
        const EpochRecord one = straight.run_epoch(never, {}).value();
        const EpochRecord other = resumed.run_epoch(never, {}).value();
        CHECK(one.train_loss == other.train_loss);
        CHECK(one.norms[0].batch_mean == other.norms[0].batch_mean);
        CHECK(one.norms[1].moving_variance == other.norms[1].moving_variance);
    }
    CHECK(same_bits(resumed.parameters(), straight.parameters()));
}

}  // namespace

TEST_CASE("norm runs: without beta, gamma or either they train as in float64") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    SECTION("without beta, by Adam") {
        options.network.two_layer.center = false;
    }
    SECTION("without gamma, by AMSGrad") {
        options.network.two_layer.scale = false;
        options.optimizer.kind = OptimizerKind::amsgrad;
    }
    SECTION("without either, after an activation, by SGD") {
        options.network.two_layer.center = options.network.two_layer.scale = false;
        options.network.two_layer.activation = "relu";
        options.network.two_layer.norm = NormPlacement::after;
        options.optimizer.kind = OptimizerKind::sgd;
    }
    const Parameters before = start_of(options);
    for (const PlanKind plan : plans_of(options)) {
        options.plan = plan;
        const Parameters after = check_run(options, data);
        for (const char* norm : {"bn1", "bn2"}) {
            const std::string gamma = fmt::format("{}.weight", norm), beta = fmt::format("{}.bias", norm);
            CHECK((after.at(gamma).values == before.at(gamma).values) == !options.network.two_layer.scale);
            CHECK((after.at(beta).values == before.at(beta).values) == !options.network.two_layer.center);
        }
    }
}

TEST_CASE("norm runs: with weight decay they train as in float64, to smaller weights") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    options.optimizer.kind =
        GENERATE(OptimizerKind::adam, OptimizerKind::amsgrad, OptimizerKind::momentum, OptimizerKind::sgd);
    INFO(to_string(options.optimizer.kind));
    const auto weights = [](const Parameters& parameters) {
        double squares = 0;
        for (const float weight : parameters.at("conv1.weight").values) {
            squares += static_cast<double>(weight) * static_cast<double>(weight);
        }
        return std::sqrt(squares);
    };
    for (const PlanKind plan : plans_of(options)) {
        options.plan = plan;
        options.optimizer.weight_decay = 0;
        const double without = weights(check_run(options, data));
        options.optimizer.weight_decay = 2;  // 1 - 0.01 x 2 is left by each of the nine steps
        CHECK(weights(check_run(options, data)) < 0.9 * without);
    }
}

TEST_CASE("norm runs: frozen from an epoch on they train as in float64") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    SECTION("from the second, by Adam") {
        options.freeze_norm = 2;
    }
    SECTION("from the third, before an activation, by momentum") {
        options.freeze_norm = 3;
        options.network.two_layer.activation = "tanh";
        options.optimizer.kind = OptimizerKind::momentum;
    }
    SECTION("from the first, after an activation, by AMSGrad") {
        options.freeze_norm = 1;
        options.network.two_layer.activation = "relu";
        options.network.two_layer.norm = NormPlacement::after;
        options.optimizer.kind = OptimizerKind::amsgrad;
    }
    check_runs(options, data);
}

TEST_CASE("norm runs: debiased averages, and an untrained identity, train as in float64") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    SECTION("debiased, the decay changed by hand twice, once within an epoch") {
        options.debias = true;
        options.changes = {{1, {0.01f, 0.5f}}, {3, {0.01f, 0.99f}}};
    }
    SECTION("debiased, and frozen before the first step") {
        options.debias = true;
        options.freeze_norm = 1;
    }
    SECTION("an untrained identity") {
        options.zero_init_residual = true;
    }
    SECTION("everything at once") {
        options.debias = options.zero_init_residual = true;
        options.freeze_norm = 3;
        options.network.two_layer.decay = 0.99f;
        options.network.two_layer.center = false;
        options.network.two_layer.activation = "leaky_relu";
    }
    check_runs(options, data);
}

TEST_CASE("norm runs: with a falling learning rate they train as in float64") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    SECTION("cosine, to a tenth in seven of nine steps") {
        options.schedule = {ScheduleKind::cosine, 0.1f, 7, false};
    }
    SECTION("exponential") {
        options.schedule = {ScheduleKind::exponential, 0.5f, 4, false};
    }
    SECTION("exponential, the rate it falls from changed by hand within an epoch") {
        options.schedule = {ScheduleKind::exponential, 0.5f, 4, false};
        options.changes = {{4, {0.02f, 0.9f}}};
    }
    SECTION("exponential in stairs, by momentum") {
        options.schedule = {ScheduleKind::exponential, 0.25f, 2, true};
        options.optimizer.kind = OptimizerKind::momentum;
    }
    check_runs(options, data);
}

TEST_CASE("norm runs: frozen epochs keep the statistics to the bit, and tell those of their batches") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    options.freeze_norm = 2;
    options.plan = GENERATE(PlanKind::fused, PlanKind::stack);
    Trainer trainer = begun(options, data);
    std::vector<EpochRecord> records;
    CHECK_FALSE(trainer.norms_frozen());
    for (int epoch = 0; epoch < 3; ++epoch) {
        records.push_back(trainer.run_epoch(never, {}).value());
        CHECK(trainer.norms_frozen() == (epoch > 0));
    }
    CHECK(trainer.norm_updates() == std::vector<std::uint64_t>{3});
    CHECK(trainer.steps_done() == 9);
    for (std::size_t norm = 0; norm < 2; ++norm) {
        CHECK(records[1].norms[norm].moving_mean == records[0].norms[norm].moving_mean);
        CHECK(records[2].norms[norm].moving_variance == records[0].norms[norm].moving_variance);
        CHECK(records[1].norms[norm].batch_mean != records[0].norms[norm].batch_mean);
        CHECK(records[2].norms[norm].batch_variance != records[1].norms[norm].batch_variance);
    }
}

TEST_CASE("norm runs: each option resumes to the bits of a run straight through") {
    const ValidatedDevice device;
    const PicturePairs data = run_data();
    TrainOptions options = run_options();
    SECTION("held, from an identity on") {
        options.network.two_layer.center = false;
        options.zero_init_residual = true;
    }
    SECTION("debiased, the decay changed before and after, then frozen") {
        options.plan = PlanKind::stack;
        options.debias = true;
        options.freeze_norm = 3;
        options.changes = {{1, {0.01f, 0.5f}}, {5, {0.01f, 0.9f}}};
    }
    SECTION("debiased, frozen before it stopped") {
        options.debias = true;
        options.freeze_norm = 2;
    }
    SECTION("frozen layer by layer") {
        options.plan = PlanKind::stack;
        options.freeze_norm = 2;
    }
    check_resumed(options, data);
}

TEST_CASE("debiased decays give every batch the weight of its closed form") {
    const float decay = GENERATE(0.0f, 0.5f, 0.9f, 0.999f);
    DebiasedDecay debiased;
    std::vector<double> weights;
    for (int t = 1; t <= 1000; ++t) {
        const double used = static_cast<double>(debiased.next(decay));
        REQUIRE(used < 1.0);
        for (double& weight : weights) weight *= used;
        weights.push_back(1.0 - used);
    }
    const double d = static_cast<double>(decay), whole = 1.0 - std::pow(d, 1000);
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const double expected = (1.0 - d) * std::pow(d, 999.0 - static_cast<double>(i)) / whole;
        REQUIRE(weights[i] == Approx(expected).epsilon(debias_tolerance).margin(1e-30));
    }
}
