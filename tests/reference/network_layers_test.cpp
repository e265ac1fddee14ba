// Networks of dense layers, averages and dropout, trained by either loss.
#include <algorithm>
#include <random>
#include <stdexcept>
#include <variant>
#include <vector>

#include "base/error.h"
#include "reference/gradient_check.h"
#include "reference/network.h"
#include "reference/network_problems.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

constexpr Shape fixed_picture = {5, 3, 4, 5};

/// Dense layers with norms over the images alone, one before and one after its activation, and dropout after
/// both.
Network perceptron() {
    return {{0, 3, 4, 5},
            {Dense{"fc1", 60, 7}, BatchNorm{"bn1", 7, 0.9f, 0.25f}, Activation{ActivationKind::sigmoid},
             Dropout{0.6f}, Dense{"fc2", 7, 6}, Activation{ActivationKind::elu},
             BatchNorm{"bn2", 6, 0.9f, 0.25f}, Dropout{0.7f}, Dense{"fc3", 6, 4}}};
}

/// A skip over a dropout, a rectifier on what another drops, convolutions after the average, and a dense
/// layer in the middle.
Network mixed() {
    return {any_size(3),
            {Conv{"conv1", 3, 4, 3}, BatchNorm{"bn1", 4, 0.9f, 0.25f}, Activation{ActivationKind::elu},
             Dropout{0.5f}, Skip{3}, Conv{"conv2", 4, 5, 2, 2, Padding::valid}, Dropout{0.8f},
             Activation{ActivationKind::leaky_relu}, Average{}, Conv{"conv3", 5, 6, 1}, Dense{"fc1", 6, 3},
             Activation{ActivationKind::sigmoid}, Conv{"conv4", 3, 4, 3}}};
}

std::vector<double> logits_of(const Evaluation& evaluation) {
    return evaluation.points.back().values;
}

}  // namespace

TEST_CASE("gradients through dense layers, averages and dropout agree with central differences") {
    for (const Norms norms : {Norms::batch, Norms::frozen}) {
        for (const TargetKind kind : {TargetKind::tensor, TargetKind::labels}) {
            check_whole_gradient("perceptron", perceptron(), norms, kind, fixed_picture);
            check_whole_gradient("mixed", mixed(), norms, kind, fixed_picture);
        }
    }
}

TEST_CASE("dropout works in training with the norms either way, and in no evaluation") {
    for (const Norms norms : {Norms::batch, Norms::frozen}) {
        Problem problem = random_problem(perceptron(), 3, TargetKind::labels, fixed_picture);
        problem.norms = norms;
        const std::vector<double> first = logits_of(problem.evaluate());
        problem.key.step = 3;
        CHECK(logits_of(problem.evaluate()) != first);
        problem.key = {.seed = 32, .step = 2};
        CHECK(logits_of(problem.evaluate()) != first);
        problem.key.seed = 31;
        CHECK(logits_of(problem.evaluate()) == first);

        Network without = perceptron();
        std::erase_if(without.layers,
                      [](const Layer& layer) { return std::holds_alternative<Dropout>(layer); });
        std::mt19937_64 random(1);
        NetworkRun plain(without, random_parameters(without, random));
        plain.values() = problem.network.values();
        const std::vector<double> expected = logits_of(plain.evaluate(problem.x, problem.target, norms));
        CHECK(problem.network.infer(problem.x, norms).values == expected);
        CHECK(expected != first);
    }
}

TEST_CASE("a step on labels has the loss, the examples' losses and the right answers of its own output") {
    Problem problem = random_problem(mixed(), 4, TargetKind::labels, fixed_picture);
    problem.key = {.seed = 9, .step = 0};
    const Evaluation evaluation = problem.evaluate();
    const Labels& labels = std::get<Labels>(problem.target);
    const Loss loss = cross_entropy(evaluation.points.back(), labels);
    CHECK(evaluation.loss == loss.loss);
    CHECK(evaluation.example_losses == loss.examples);
    CHECK(evaluation.correct == loss.correct);
    Optimizer optimizer({.kind = OptimizerKind::sgd});
    CHECK(problem.network.train_step(problem.x, problem.target, optimizer, 9) == loss.loss);
    CHECK(problem.network.correct() == loss.correct);
    CHECK(problem.network.gradients() == evaluation.gradients);
    // The next step has the next masks.
    problem.key.step = 1;
    const double next = problem.evaluate().loss;
    CHECK(problem.network.train_step(problem.x, problem.target, optimizer, 9) == next);
}

TEST_CASE("weights of conv and dense layers decay, and nothing else does") {
    Problem plain = random_problem(mixed(), 6, TargetKind::labels, fixed_picture);
    Problem decaying = plain;
    const NamedValues before = plain.network.values();
    Optimizer to_compare({.kind = OptimizerKind::sgd, .learning_rate = 0.5f});
    Optimizer optimizer({.kind = OptimizerKind::sgd, .learning_rate = 0.5f, .weight_decay = 0.25f});
    plain.network.train_step(plain.x, plain.target, to_compare);
    decaying.network.train_step(decaying.x, decaying.target, optimizer);
    for (const auto& [name, values] : decaying.network.values()) {
        INFO(name);
        const bool decays = name.ends_with(".weight") && !name.starts_with("bn");
        std::vector<double> expected = plain.network.values().at(name);
        if (!decays) CHECK(values == expected);
        for (std::size_t i = 0; i < expected.size() && decays; ++i) expected[i] -= 0.125 * before.at(name)[i];
        if (decays) check_close(name, values, expected, 1e-14);
    }
}

TEST_CASE("the bias of a dense layer that feeds a norm has a gradient of exactly zero") {
    const Problem problem = random_problem(perceptron(), 7, TargetKind::labels, fixed_picture);
    const NamedValues gradients = problem.evaluate().gradients;
    const auto zero = [](double value) { return value == 0.0; };
    CHECK(std::all_of(gradients.at("fc1.bias").begin(), gradients.at("fc1.bias").end(), zero));
    CHECK(std::none_of(gradients.at("fc2.bias").begin(), gradients.at("fc2.bias").end(), zero));
    CHECK(std::none_of(gradients.at("fc3.bias").begin(), gradients.at("fc3.bias").end(), zero));
}

TEST_CASE("a network refuses labels for a picture, and pictures of another size than its dense layers'") {
    const Problem problem = random_problem(perceptron(), 8, TargetKind::labels, fixed_picture);
    CHECK_THROWS_AS(problem.network.infer(Tensor({2, 3, 5, 5})), InputError);
    const Network filter{any_size(3), {Conv{"conv1", 3, 3, 3}}};
    const Problem pictures = random_problem(filter, 8);
    CHECK_THROWS_AS(pictures.network.evaluate(pictures.x, Labels{0, 1}), std::invalid_argument);
}
