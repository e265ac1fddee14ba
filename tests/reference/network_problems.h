// Small networks with random numbers everywhere, whose gradients can be compared with differences.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"
#include "reference/gradient_check.h"
#include "reference/network.h"

namespace shadenet::reference {

inline constexpr Shape problem_picture = {2, 3, 5, 7};
/// Half the longest move of a parameter in a difference, and how far from its kink every activation has to be
/// so that no such move carries it across.
inline constexpr double difference_step = 1e-5, kink_margin = 1e-3;
inline constexpr double whole_gradient_tolerance = 1e-7;

/// What a network is trained by.
enum class TargetKind { tensor, labels };

/// A network with random numbers everywhere, biases and statistics included, and an input with its target to
/// train it on.
struct Problem {
    Network architecture;
    NetworkRun network;
    Tensor x;
    Target target;
    Norms norms = Norms::batch;
    DropoutKey key{.seed = 31, .step = 2};

    Evaluation evaluate() const { return network.evaluate(x, target, norms, key); }
};

inline Parameters random_parameters(const Network& architecture, std::mt19937_64& random) {
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(architecture)) {
        const bool positive = spec.name.ends_with("running_var");
        const std::vector<double> values = random_values(spec.values(), random, positive ? 2.0 : 0.0);
        tensors.push_back({spec.name, spec.shape, spec.trainable, {values.begin(), values.end()}, spec.held});
    }
    return Parameters(std::move(tensors));
}

inline Problem random_problem(const Network& architecture, std::uint64_t seed,
                              TargetKind kind = TargetKind::tensor, const Shape& shape = problem_picture) {
    std::mt19937_64 random(seed);
    NetworkRun network(architecture, random_parameters(architecture, random));
    Tensor x = random_tensor(shape, random);
    const Shape result = point_shapes(architecture, shape).back();
    Target target = random_tensor(result, random);
    if (kind == TargetKind::labels) {
        Labels labels;
        while (labels.size() < result.n) labels.push_back(static_cast<std::uint32_t>(random() % result.c));
        target = std::move(labels);
    }
    return {architecture, std::move(network), std::move(x), std::move(target)};
}

/// The least magnitude at an activation, apart from zeros that dropout made: no move of a parameter moves
/// them.
inline double distance_to_kink(const Problem& problem) {
    const Evaluation evaluation = problem.evaluate();
    double distance = 1.0;
    for (std::size_t i = 0; i < problem.architecture.layers.size(); ++i) {
        if (!std::holds_alternative<Activation>(problem.architecture.layers[i])) continue;
        const bool dropped = i > 0 && std::holds_alternative<Dropout>(problem.architecture.layers[i - 1]);
        for (const double value : evaluation.points[i].values) {
            if (!(dropped && value == 0.0)) distance = std::min(distance, std::abs(value));
        }
    }
    return distance;
}

/// The first of a fixed row of seeds whose activations all keep clear of their kinks.
inline Problem smooth_problem(const Network& architecture, Norms norms, TargetKind kind, const Shape& shape) {
    for (std::uint64_t seed = 1; seed <= 100; ++seed) {
        Problem problem = random_problem(architecture, seed, kind, shape);
        problem.norms = norms;
        if (distance_to_kink(problem) > kink_margin) return problem;
    }
    throw std::runtime_error("no seed keeps the activations clear of their kinks");
}

/// Compares the gradients of all trainable tensors and of the input with differences of the loss.
inline void check_whole_gradient(const std::string& what, const Network& architecture,
                                 Norms norms = Norms::batch, TargetKind kind = TargetKind::tensor,
                                 const Shape& shape = problem_picture) {
    Problem problem = smooth_problem(architecture, norms, kind, shape);
    const Evaluation evaluation = problem.evaluate();
    const auto loss = [&] {
        return problem.network.training_loss(problem.x, problem.target, problem.norms, problem.key);
    };
    std::size_t trainable = 0;
    for (const TensorSpec& spec : tensor_specs(architecture)) {
        CHECK(evaluation.gradients.count(spec.name) == (spec.trainable ? 1 : 0));
        if (!spec.trainable) continue;
        ++trainable;
        check_gradient(what + ", " + spec.name, problem.network.values().at(spec.name),
                       evaluation.gradients.at(spec.name), loss, difference_step, whole_gradient_tolerance);
    }
    CHECK(evaluation.gradients.size() == trainable);
    check_gradient(what + ", input", problem.x.values, evaluation.dx.values, loss, difference_step,
                   whole_gradient_tolerance);
}

}  // namespace shadenet::reference
