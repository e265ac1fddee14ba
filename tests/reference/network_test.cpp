#include "reference/network.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

#include <fmt/format.h>

#include "base/error.h"
#include "model/presets.h"
#include "reference/gradient_check.h"
#include "reference/network_problems.h"

using namespace shadenet;
using namespace shadenet::reference;
using namespace std::string_literals;

namespace {

/// Two ways to the same numbers in float64.
constexpr double affine_tolerance = 1e-11;

/// Everything the two-layer network has not: strides, valid padding, kernels of 1 and 5, a norm first, skips
/// from the middle, two skips from one point, one that doubles its own input, and a convolution last.
Network winding_architecture() {
    return {any_size(3),
            {BatchNorm{"bn0", 3}, Conv{"a", 3, 4, 5}, Activation{ActivationKind::tanh}, Conv{"b", 4, 4, 1},
             Skip{3}, BatchNorm{"bn1", 4, 0.75f, 0.5f}, Skip{5}, Skip{7},
             Activation{ActivationKind::leaky_relu}, Skip{3}, Conv{"c", 4, 2, 3, 1, Padding::valid},
             Activation{ActivationKind::tanh}, Conv{"d", 2, 3, 3, 2}}};
}

/// γ/σ of a frozen norm.
double scale_of(const NamedValues& values, const std::string& norm, std::size_t channel) {
    return values.at(norm + ".weight")[channel] /
           std::sqrt(values.at(norm + ".running_var")[channel] + decimal(BatchNorm{}.epsilon));
}

/// The gradients of a convolution and of the frozen norm after it, from those of the convolution that is
/// both.
NamedValues chained(const NamedValues& values, const NamedValues& of_both, const std::string& conv,
                    const std::string& norm) {
    const std::vector<double>& weight = values.at(conv + ".weight");
    const std::vector<double>&dweight = of_both.at(conv + ".weight"), &dbias = of_both.at(conv + ".bias");
    NamedValues gradients{{conv + ".weight", dweight},
                          {conv + ".bias", dbias},
                          {norm + ".weight", dbias},
                          {norm + ".bias", dbias}};
    const std::size_t row = weight.size() / dbias.size();
    for (std::size_t c = 0; c < dbias.size(); ++c) {
        const double scale = scale_of(values, norm, c), gamma = values.at(norm + ".weight")[c];
        const double center = values.at(conv + ".bias")[c] - values.at(norm + ".running_mean")[c];
        double sum = center * dbias[c];
        for (std::size_t i = c * row; i < (c + 1) * row; ++i) {
            sum += weight[i] * dweight[i];
            gradients[conv + ".weight"][i] *= scale;
        }
        gradients[conv + ".bias"][c] *= scale;
        gradients[norm + ".weight"][c] = sum * scale / gamma;
    }
    return gradients;
}

}  // namespace

TEST_CASE("the two-layer network's gradient agrees with central differences") {
    for (const char* activation : {"none", "relu", "leaky_relu", "tanh"}) {
        for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
            for (const bool residual : {true, false}) {
                NetworkOptions options;
                options.hidden = 4;
                options.activation = activation;
                options.norm = norm;
                options.residual = residual;
                check_whole_gradient(
                    fmt::format("{}, norm {}, residual {}", activation, to_string(norm), residual),
                    two_layer_network(options));
            }
        }
    }
}

TEST_CASE("a winding network's gradient agrees with central differences") {
    check_whole_gradient("winding", winding_architecture());
}

TEST_CASE("with frozen norms every gradient agrees with central differences, those of biases too") {
    check_whole_gradient("winding, frozen", winding_architecture(), Norms::frozen);
    for (const char* activation : {"none", "relu", "tanh"}) {
        for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after}) {
            const NetworkOptions options{.hidden = 4, .activation = activation, .norm = norm};
            check_whole_gradient(fmt::format("frozen, {}, norm {}", activation, to_string(norm)),
                                 two_layer_network(options), Norms::frozen);
        }
    }
}

TEST_CASE("the gradients of a frozen norm are those of an affine layer") {
    const NetworkOptions options{.hidden = 4, .activation = "tanh"};
    NetworkOptions plain = options;
    plain.norm = NormPlacement::none;
    const Problem problem = random_problem(two_layer_network(options), 11);
    const NamedValues& values = problem.network.values();
    std::mt19937_64 random(1);
    NetworkRun folded(two_layer_network(plain), random_parameters(two_layer_network(plain), random));
    for (const auto& [conv, norm] : {std::pair("conv1"s, "bn1"s), std::pair("conv2"s, "bn2"s)}) {
        std::vector<double>&weight = folded.values().at(conv + ".weight"),
        &bias = folded.values().at(conv + ".bias");
        const std::size_t row = weight.size() / bias.size();
        for (std::size_t c = 0; c < bias.size(); ++c) {
            const double scale = scale_of(values, norm, c);
            for (std::size_t i = c * row; i < (c + 1) * row; ++i) {
                weight[i] = scale * values.at(conv + ".weight")[i];
            }
            bias[c] = scale * (values.at(conv + ".bias")[c] - values.at(norm + ".running_mean")[c]) +
                      values.at(norm + ".bias")[c];
        }
    }
    const Evaluation frozen = problem.network.evaluate(problem.x, problem.target, Norms::frozen);
    const Evaluation affine = folded.evaluate(problem.x, problem.target);
    CHECK(frozen.loss == Approx(affine.loss).epsilon(affine_tolerance));
    check_close("x", frozen.dx.values, affine.dx.values, affine_tolerance);
    for (const auto& [conv, norm] : {std::pair("conv1"s, "bn1"s), std::pair("conv2"s, "bn2"s)}) {
        NamedValues expected = chained(values, affine.gradients, conv, norm);
        for (const auto& [name, gradient] : expected) {
            check_close(name, frozen.gradients.at(name), gradient, affine_tolerance);
        }
    }
}

TEST_CASE("held tensors have gradients, and no optimizer moves them") {
    const NetworkOptions options{.hidden = 4, .center = false, .scale = false};
    Problem problem = random_problem(two_layer_network(options), 12);
    const NamedValues before = problem.network.values();
    OptimizerOptions momentum;
    momentum.kind = OptimizerKind::momentum;
    Optimizer optimizer(momentum);
    for (int step = 0; step < 3; ++step) problem.network.train_step(problem.x, problem.target, optimizer);
    for (const char* held : {"bn1.weight", "bn1.bias", "bn2.weight", "bn2.bias"}) {
        CHECK(problem.network.values().at(held) == before.at(held));
        CHECK(problem.network.gradients().at(held).front() != 0.0);
        CHECK(optimizer.states().count(held) == 0);
    }
    CHECK(problem.network.values().at("conv1.weight") != before.at("conv1.weight"));
}

TEST_CASE("a bias that feeds a norm has a gradient of exactly zero, and only such a one") {
    for (const NormPlacement norm : {NormPlacement::before, NormPlacement::after, NormPlacement::none}) {
        NetworkOptions options;
        options.activation = "relu";
        options.norm = norm;
        const Problem problem = random_problem(two_layer_network(options), 5);
        const NamedValues gradients = problem.network.evaluate(problem.x, problem.target).gradients;
        const auto zero = [&](const char* name) {
            const std::vector<double>& gradient = gradients.at(name);
            return std::all_of(gradient.begin(), gradient.end(), [](double value) { return value == 0.0; });
        };
        CHECK(zero("conv1.bias") == (norm == NormPlacement::before));
        CHECK(zero("conv2.bias") == (norm != NormPlacement::none));
        CHECK(!zero("conv1.weight"));
    }
}

TEST_CASE("a bias that feeds a norm and a skip as well keeps its gradient") {
    check_whole_gradient("skip around a norm",
                         {any_size(3), {Conv{"conv", 3, 3, 3}, BatchNorm{"bn", 3}, Skip{1}}});
}

TEST_CASE("train_step moves the statistics and the parameters as its parts do") {
    Problem problem = random_problem(winding_architecture(), 7);
    const NamedValues before = problem.network.values();
    const Evaluation evaluation = problem.network.evaluate(problem.x, problem.target);
    CHECK(problem.network.training_loss(problem.x, problem.target) == evaluation.loss);
    CHECK(problem.network.values() == before);

    OptimizerOptions options;
    options.kind = OptimizerKind::sgd;
    options.learning_rate = 0.5f;
    Optimizer optimizer(options);
    CHECK(problem.network.train_step(problem.x, problem.target, optimizer) == evaluation.loss);
    CHECK(problem.network.gradients() == evaluation.gradients);
    const NamedValues& after = problem.network.values();
    const auto close = [](double a, double b) { return std::abs(a - b) <= 1e-14 * (1.0 + std::abs(b)); };
    CHECK(close(after.at("a.weight")[17],
                before.at("a.weight")[17] - 0.5 * evaluation.gradients.at("a.weight")[17]));
    CHECK(close(after.at("bn1.running_mean")[2],
                0.75 * before.at("bn1.running_mean")[2] + 0.25 * evaluation.statistics.at("bn1").mean[2]));
    CHECK(close(after.at("bn1.running_var")[3],
                0.75 * before.at("bn1.running_var")[3] + 0.25 * evaluation.statistics.at("bn1").variance[3]));
    CHECK(close(after.at("bn0.running_mean")[1],
                0.9 * before.at("bn0.running_mean")[1] + 0.1 * evaluation.statistics.at("bn0").mean[1]));
}

TEST_CASE("inference takes the moving statistics, one picture at a time or all at once") {
    Problem problem = random_problem(two_layer_network({}), 8);
    const NamedValues before = problem.network.values();
    const Tensor both = problem.network.infer(problem.x);
    CHECK(problem.network.values() == before);
    Tensor second({1, problem_picture.c, problem_picture.h, problem_picture.w});
    const auto half = static_cast<std::ptrdiff_t>(second.values.size());
    std::copy(problem.x.values.begin() + half, problem.x.values.end(), second.values.begin());
    const Tensor alone = problem.network.infer(second);
    CHECK(std::equal(alone.values.begin(), alone.values.end(), both.values.begin() + half));

    // With the batch's own statistics as the moving ones, inference is what training saw.
    const Evaluation evaluation = problem.network.evaluate(problem.x, problem.target);
    CHECK(both.values != evaluation.points.back().values);
    for (const auto& [name, batch] : evaluation.statistics) {
        problem.network.values().at(name + ".running_mean") = batch.mean;
        problem.network.values().at(name + ".running_var") = batch.variance;
    }
    CHECK(problem.network.infer(problem.x).values == evaluation.points.back().values);
}

TEST_CASE("training drives the loss of one pair down") {
    for (const char* kind : {"adam", "amsgrad", "momentum", "sgd"}) {
        Problem problem = random_problem(two_layer_network({}), 9);
        OptimizerOptions options;
        options.kind = optimizer_kind(kind);
        options.learning_rate = 0.03f;
        Optimizer optimizer(options);
        const double first = problem.network.train_step(problem.x, problem.target, optimizer);
        double last = first;
        for (int step = 0; step < 60; ++step)
            last = problem.network.train_step(problem.x, problem.target, optimizer);
        INFO(kind << ": " << first << " -> " << last);
        CHECK(last < 0.6 * first);
    }
}

TEST_CASE("a network refuses pictures and parameters that do not fit it") {
    const Network architecture = two_layer_network({});
    const Problem problem = random_problem(architecture, 10);
    const Tensor grey({2, 1, 5, 7});
    CHECK_THROWS_AS(problem.network.infer(grey), InputError);
    CHECK_THROWS_AS(problem.network.evaluate(problem.x, grey), std::invalid_argument);
    CHECK_THROWS_AS(NetworkRun(architecture, Parameters()), std::out_of_range);
    NetworkOptions wider;
    wider.hidden = 17;
    std::mt19937_64 random(1);
    CHECK_THROWS_AS(NetworkRun(architecture, random_parameters(two_layer_network(wider), random)),
                    std::invalid_argument);
}
