// Whole runs with what can be asked of the norms, beside float64's.
#include <cmath>
#include <optional>

#include "check/compare.h"
#include "engine/picture_filter.h"
#include "reference/training.h"
#include "train/debiased_decay.h"
#include "train/train_test_tools.h"
#include "train/trainer.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

const std::atomic<bool> never = false;

constexpr std::uint32_t width = 11, height = 8;
/// A decay is a float32, which leaves 1 - 0.999 off by 3e-5 of itself, and a thousand of them off by as much.
constexpr double debias_tolerance = 1e-4;

/// Three epochs of three steps, the last of an epoch with a smaller batch.
TrainOptions run_options() {
    TrainOptions options = small_options();
    options.batch = 2;
    options.epochs = 3;
    return options;
}

DataSet run_data(const Device& device) {
    DataSet data(device, std::vector<std::string>(5, "picture"), width, height);
    for (std::uint32_t i = 0; i < 5; ++i) {
        const Image input = levels_of(made_picture(width, height, i));
        data.set(i, input, levels_of(grey_of(input)));
    }
    return data;
}

reference::Tensor gathered(const Tensor& pictures, const std::vector<std::uint32_t>& indices) {
    Shape shape = pictures.shape();
    shape.n = static_cast<std::uint32_t>(indices.size());
    std::vector<float> values;
    for (const std::uint32_t i : indices) {
        const std::vector<float> one = pictures.download(i, 1);
        values.insert(values.end(), one.begin(), one.end());
    }
    return reference::tensor_from_floats(shape, values);
}

Parameters start_of(const TrainOptions& options) {
    Parameters start = initial_parameters(two_layer_network(options.network), options.seed);
    if (options.zero_init_residual) start.at("bn2.weight").values.assign(3, 0.0f);
    return start;
}

Trainer begun(const TrainOptions& options, const DataSet& data) {
    // Small tiles, which are quick to compile.
    return {test_device(), options,           data,
            nullptr,       start_of(options), default_tiles(DeviceKind::discrete, options.network.kernel)};
}

void require_near(const std::string& what, const std::vector<float>& actual,
                  const std::vector<double>& expected, const check::Tolerance& tolerance) {
    const Shape shape{1, 1, 1, static_cast<std::uint32_t>(expected.size())};
    const check::Comparison comparison = check::compare(what, actual, expected, shape, tolerance);
    if (!comparison.passed()) FAIL_CHECK(check::to_string(comparison));
}

/// One run on the device and in float64, epoch by epoch.
void check_run(const TrainOptions& options, const DataSet& data) {
    INFO(to_string(options.plan));
    Trainer trainer = begun(options, data);
    reference::Training truth({.network = options.network,
                               .optimizer = options.optimizer,
                               .debias = options.debias,
                               .freeze_norm = options.freeze_norm,
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
            const double decay = reference::decimal(options.rates(step++).decay);
            sum += static_cast<double>(batch.size()) *
                   truth.step(gathered(data.input(), batch), gathered(data.target(), batch), epoch, decay);
        }
        require_near("loss", {static_cast<float>(record->train_loss)}, {sum / data.size()},
                     check::tolerance::loss);
        for (const NamedTensor& tensor : trainer.epoch_parameters().tensors()) {
            require_near(fmt::format("{} after epoch {}", tensor.name, epoch), tensor.values,
                         truth.network().values().at(tensor.name), check::tolerance::golden_parameters);
        }
    }
    CHECK(trainer.norm_updates() == truth.norm_updates());
    PictureFilter filter(test_device(), two_layer_network(options.network), trainer.parameters());
    require_near("output", filter.apply(data.input_picture(0)).values,
                 truth.network().infer(gathered(data.input(), {0})).values, check::tolerance::golden_output);
}

/// By either plan, where the fused one takes the network.
void check_runs(TrainOptions options, const DataSet& data) {
    for (const PlanKind plan : {PlanKind::layerwise, PlanKind::fused}) {
        options.plan = plan;
        const bool fits =
            choose_plan(two_layer_network(options.network), PlanKind::automatic).kind == PlanKind::fused;
        if (fits || plan == PlanKind::layerwise) check_run(options, data);
    }
}

}  // namespace

TEST_CASE("norm runs: without beta, gamma or either, every optimizer trains as in float64") {
    const ValidatedDevice device;
    const DataSet data = run_data(*device);
    struct Form {
        bool center, scale;
        const char *activation, *norm;
        OptimizerKind optimizer;
    };
    const Form form = GENERATE(Form{false, true, "none", "before", OptimizerKind::adam},
                               Form{true, false, "tanh", "before", OptimizerKind::amsgrad},
                               Form{false, false, "relu", "after", OptimizerKind::momentum},
                               Form{false, false, "leaky_relu", "before", OptimizerKind::sgd});
    TrainOptions options = run_options();
    options.network.center = form.center;
    options.network.scale = form.scale;
    options.network.activation = form.activation;
    options.network.norm = norm_placement(form.norm);
    options.optimizer.kind = form.optimizer;
    INFO(form.activation << ", center " << form.center << ", scale " << form.scale);
    check_runs(options, data);
    Trainer trainer = begun(options, data);
    trainer.run_epoch(never, {});
    const Parameters after = trainer.parameters(), before = start_of(options);
    for (const char* norm : {"bn1", "bn2"}) {
        const std::string gamma = fmt::format("{}.weight", norm), beta = fmt::format("{}.bias", norm);
        CHECK((after.at(gamma).values == before.at(gamma).values) == !form.scale);
        CHECK((after.at(beta).values == before.at(beta).values) == !form.center);
    }
}

TEST_CASE("norm runs: frozen from an epoch on, every optimizer trains as in float64") {
    const ValidatedDevice device;
    const DataSet data = run_data(*device);
    struct Form {
        std::uint32_t freeze_norm;
        const char *activation, *norm;
        OptimizerKind optimizer;
    };
    const Form form = GENERATE(Form{2, "none", "before", OptimizerKind::adam},
                               Form{2, "tanh", "before", OptimizerKind::amsgrad},
                               Form{1, "relu", "after", OptimizerKind::adam},
                               Form{3, "leaky_relu", "before", OptimizerKind::momentum},
                               Form{2, "relu", "before", OptimizerKind::sgd});
    TrainOptions options = run_options();
    options.freeze_norm = form.freeze_norm;
    options.network.activation = form.activation;
    options.network.norm = norm_placement(form.norm);
    options.optimizer.kind = form.optimizer;
    INFO(form.activation << ", frozen from epoch " << form.freeze_norm);
    check_runs(options, data);
}

TEST_CASE("norm runs: debiased averages, and an untrained identity, train as in float64") {
    const ValidatedDevice device;
    const DataSet data = run_data(*device);
    TrainOptions options = run_options();
    options.network.decay = 0.99f;
    options.debias = true;
    SECTION("debiased") {}
    SECTION("debiased, the decay changed by hand twice, once within an epoch") {
        options.changes = {{1, {0.01f, 0.5f}}, {3, {0.01f, 0.9f}}};
    }
    SECTION("debiased until the norms are frozen") {
        options.freeze_norm = 3;
    }
    SECTION("debiased, and frozen before the first step") {
        options.freeze_norm = 1;
    }
    SECTION("an untrained identity") {
        options.debias = false;
        options.zero_init_residual = true;
    }
    SECTION("everything at once") {
        options.zero_init_residual = true;
        options.freeze_norm = 2;
        options.network.center = false;
        options.network.activation = "leaky_relu";
    }
    check_runs(options, data);
}

TEST_CASE("norm runs: frozen epochs keep the statistics to the bit, and tell those of their batches") {
    const ValidatedDevice device;
    const DataSet data = run_data(*device);
    TrainOptions options = run_options();
    options.freeze_norm = 2;
    options.plan = GENERATE(PlanKind::fused, PlanKind::layerwise);
    Trainer trainer = begun(options, data);
    std::vector<EpochRecord> records;
    for (int epoch = 0; epoch < 3; ++epoch) records.push_back(trainer.run_epoch(never, {}).value());
    CHECK(trainer.norm_updates() == 3);
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
    const TemporaryFolder folder;
    const DataSet data = run_data(*device);
    TrainOptions options = run_options();
    options.plan = GENERATE(PlanKind::fused, PlanKind::layerwise);
    SECTION("held") {
        options.network.center = options.network.scale = false;
    }
    SECTION("debiased, with a change of decays") {
        options.debias = true;
        options.changes = {{1, {0.01f, 0.5f}}, {5, {0.01f, 0.9f}}};
    }
    SECTION("frozen") {
        options.freeze_norm = 2;
    }
    SECTION("debiased, then frozen") {
        options.debias = true;
        options.freeze_norm = 2;
    }
    SECTION("frozen after the interruption") {
        options.debias = true;
        options.freeze_norm = 3;
    }
    SECTION("an untrained identity") {
        options.zero_init_residual = true;
    }
    Trainer straight = begun(options, data);
    std::optional<EpochRecord> last;
    for (int epoch = 0; epoch < 3; ++epoch) last = straight.run_epoch(never, {});

    Trainer first = begun(options, data);
    REQUIRE(first.run_epoch(never, {}));
    std::atomic<bool> stop = false;
    CHECK_FALSE(first.run_epoch(stop, [&](std::uint32_t step) { stop = step == 1; }));
    first.save_checkpoint(folder / "checkpoint.safetensors");
    Trainer resumed = begun(options, data);
    resumed.restore_checkpoint(folder / "checkpoint.safetensors");
    CHECK(resumed.norm_updates() == first.norm_updates());
    REQUIRE(resumed.run_epoch(never, {}));
    const std::optional<EpochRecord> again = resumed.run_epoch(never, {});
    REQUIRE(again);
    CHECK(again->train_loss == last->train_loss);
    CHECK(again->norms[0].batch_mean == last->norms[0].batch_mean);
    CHECK(same_bits(resumed.parameters(), straight.parameters()));
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
