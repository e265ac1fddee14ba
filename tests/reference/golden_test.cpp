// The reference against the runs of an independent framework: the two were written apart, so what they agree
// on is the definition and no accident of either.
#include "check/golden.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

#include "model/presets.h"
#include "places.h"
#include "reference/gradient_check.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

/// Losses are recorded in float64, and both sides compute in it: what is left is the order of summation, and
/// what Adam makes of it.
constexpr double loss_tolerance = 1e-9;
/// Everything else is recorded in float32, half a unit in the last place being 6e-8 of a value.
constexpr double float_tolerance = 1e-6;
/// Rounding noise where the true gradient is zero.
constexpr double zero_gradient_tolerance = 1e-12;

void check_parameters(const std::string& what, const NamedValues& values, const Parameters& expected) {
    for (const NamedTensor& tensor : expected.tensors()) {
        check_close(what + " " + tensor.name, values.at(tensor.name), doubles_from_floats(tensor.values),
                    float_tolerance);
    }
}

void check_gradients(const GoldenRun& run, const NetworkRun& network) {
    for (const NamedTensor& tensor : run.gradient.tensors()) {
        const std::vector<double>& gradient = network.gradients().at(tensor.name);
        const std::vector<double> expected = doubles_from_floats(tensor.values);
        const bool zero =
            std::all_of(gradient.begin(), gradient.end(), [](double value) { return value == 0.0; });
        const std::string what = run.name + " gradient " + tensor.name;
        if (zero) {
            check_close(what, expected, gradient, zero_gradient_tolerance, 1.0);
        } else {
            check_close(what, gradient, expected, float_tolerance, 0.0);
        }
    }
    std::size_t learned = 0;
    for (const TensorSpec& spec : tensor_specs(run.network)) learned += spec.trainable && !spec.held;
    CHECK(run.gradient.tensors().size() == learned);
}

Target target_of(const GoldenRun& run) {
    if (!run.labels.empty()) return run.labels;
    return tensor_from_floats(run.output_shape, run.target);
}

}  // namespace

TEST_CASE("every golden run is reproduced step by step") {
    std::vector<GoldenRun> runs = built_in_golden();
    for (GoldenRun& run : golden_of(test::source_folder() + "/tests/golden_networks")) {
        runs.push_back(std::move(run));
    }
    REQUIRE(runs.size() == 19);
    for (const GoldenRun& run : runs) {
        INFO(run.name);
        NetworkRun network(run.network, run.init);
        Optimizer optimizer(run.optimizer);
        const Tensor x = tensor_from_floats(run.shape, run.input);
        const Target target = target_of(run);
        REQUIRE(run.losses.size() == run.steps);
        REQUIRE(run.moving.size() == run.steps);
        REQUIRE(run.rates.size() == run.steps);
        REQUIRE(run.correct.size() == (run.labels.empty() ? 0 : run.steps));
        for (std::size_t step = 0; step < run.steps; ++step) {
            optimizer.set_learning_rate(run.rates[step]);
            const double loss = network.train_step(x, target, optimizer, run.seed);
            if (!run.labels.empty()) CHECK(network.correct() == run.correct[step]);
            check_close(fmt::format("{} loss {}", run.name, step), {loss}, {run.losses[step]}, loss_tolerance,
                        0.0);
            if (step == 0) check_gradients(run, network);
            check_parameters(fmt::format("{} after step {}", run.name, step + 1), network.values(),
                             run.moving[step]);
        }
        check_parameters(run.name + " final", network.values(), run.final);
        check_close(run.name + " eval_output", network.infer(x).values, doubles_from_floats(run.eval_output),
                    float_tolerance);
    }
}

TEST_CASE("a golden run with other masks, rates or moments is not reproduced") {
    const auto last_loss = [](const GoldenRun& run) {
        NetworkRun network(run.network, run.init);
        Optimizer optimizer(run.optimizer);
        const Tensor x = tensor_from_floats(run.shape, run.input);
        double loss = 0.0;
        for (std::size_t step = 0; step < run.steps; ++step) {
            optimizer.set_learning_rate(run.rates[step]);
            loss = network.train_step(x, target_of(run), optimizer, run.seed);
        }
        return loss;
    };
    for (GoldenRun& run : golden_of(test::source_folder() + "/tests/golden_networks")) {
        if (run.name != "mlp_dropout_adam") continue;
        const double expected = run.losses.back();
        CHECK(last_loss(run) == Approx(expected).epsilon(loss_tolerance));
        GoldenRun other = run;
        other.seed += std::uint64_t{1} << 32U;
        CHECK(std::abs(last_loss(other) - expected) > 1e-3 * expected);
        other = run;
        other.rates.assign(run.steps, run.rates.front());
        CHECK(std::abs(last_loss(other) - expected) > 1e3 * loss_tolerance * expected);
        other = run;
        other.optimizer.kind = OptimizerKind::amsgrad;
        CHECK(std::abs(last_loss(other) - expected) > 1e2 * loss_tolerance * expected);
    }
}

TEST_CASE("the golden runs cover every optimizer, activation and norm placement") {
    const std::vector<GoldenRun> runs = built_in_golden();
    const auto some = [&](const auto& condition) {
        return std::any_of(runs.begin(), runs.end(), [&](const GoldenRun& run) {
            return condition(two_layer_options(run.network).value());
        });
    };
    const auto optimized_by = [&](OptimizerKind kind) {
        return std::any_of(runs.begin(), runs.end(),
                           [=](const GoldenRun& run) { return run.optimizer.kind == kind; });
    };
    for (const char* kind : {"adam", "amsgrad", "momentum", "sgd"}) {
        CHECK(optimized_by(optimizer_kind(kind)));
    }
    for (const char* activation : {"none", "relu", "leaky_relu", "tanh"}) {
        CHECK(some([&](const NetworkOptions& options) { return options.activation == activation; }));
    }
    for (const char* norm : {"before", "after", "none"}) {
        CHECK(some([&](const NetworkOptions& options) { return options.norm == norm_placement(norm); }));
    }
    CHECK(some([](const NetworkOptions& options) { return !options.residual; }));
    CHECK(some([](const NetworkOptions& options) { return options == NetworkOptions{}; }));
}
