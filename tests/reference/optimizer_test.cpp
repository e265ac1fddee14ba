#include "reference/optimizer.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "base/error.h"
#include "catch.h"
#include "reference/tensor.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

/// A parameter that starts at 1, after a step for each gradient.
double after(OptimizerKind kind, const std::vector<double>& gradients) {
    OptimizerOptions options;
    options.kind = kind;
    options.learning_rate = 0.1f;
    std::vector<double> value = {1.0};
    OptimizerState state;
    std::uint64_t step = 0;
    for (const double g : gradients) optimizer_step(value, {g}, state, options, ++step);
    return value.front();
}

}  // namespace

TEST_CASE("options are read as the decimals they were written as") {
    CHECK(decimal(0.9f) == 0.9);
    CHECK(decimal(0.999f) == 0.999);
    CHECK(decimal(1e-8f) == 1e-8);
    CHECK(decimal(0.001f) == 0.001);
    CHECK(decimal(-0.25f) == -0.25);
    CHECK(decimal(0.0f) == 0.0);
    CHECK(decimal(3.4028235e38f) == 3.4028235e38);
}

TEST_CASE("adam's first step is the rate whatever the gradient's size, up to epsilon") {
    CHECK(after(OptimizerKind::adam, {4.0}) == Approx(1.0 - 0.1 * 4.0 / (4.0 + 1e-8)).epsilon(1e-14));
    CHECK(after(OptimizerKind::adam, {-4e-6}) == Approx(1.0 + 0.1 * 4e-6 / (4e-6 + 1e-8)).epsilon(1e-14));
    // Epsilon stands beside the root of the corrected v, not of the raw one.
    CHECK(after(OptimizerKind::adam, {1e-8}) == Approx(1.0 - 0.05).epsilon(1e-14));
    CHECK(after(OptimizerKind::adam, {0.0, 0.0}) == 1.0);
}

TEST_CASE("adam's second step corrects both moments") {
    const double m = 0.9 * 0.1 * 2.0 + 0.1 * -1.0, v = 0.999 * 0.001 * 4.0 + 0.001 * 1.0;
    const double second = 0.1 * (m / (1.0 - 0.81)) / (std::sqrt(v / (1.0 - 0.998001)) + 1e-8);
    const double first = 0.1 * 2.0 / (2.0 + 1e-8);
    CHECK(after(OptimizerKind::adam, {2.0, -1.0}) == Approx(1.0 - first - second).epsilon(1e-13));
}

TEST_CASE("amsgrad takes the largest raw v, and corrects it afterwards") {
    // v falls from 0.001 to 0.000999 in the second step, where the maximum must hold.
    const double first = 0.1 / (1.0 + 1e-8);
    const double second = 0.1 * (0.09 / (1.0 - 0.81)) / (std::sqrt(0.001 / (1.0 - 0.998001)) + 1e-8);
    CHECK(after(OptimizerKind::amsgrad, {1.0, 0.0}) == Approx(1.0 - first - second).epsilon(1e-13));
    CHECK(after(OptimizerKind::amsgrad, {1.0, 0.0}) !=
          Approx(after(OptimizerKind::adam, {1.0, 0.0})).epsilon(1e-9));
    CHECK(after(OptimizerKind::amsgrad, {1.0, 5.0}) == after(OptimizerKind::adam, {1.0, 5.0}));
}

TEST_CASE("momentum adds up gradients undamped, and sgd forgets") {
    CHECK(after(OptimizerKind::momentum, {1.0, 2.0}) == Approx(1.0 - 0.1 - 0.1 * (0.9 + 2.0)).epsilon(1e-14));
    CHECK(after(OptimizerKind::sgd, {1.0, 2.0}) == Approx(1.0 - 0.1 - 0.2).epsilon(1e-14));
}

TEST_CASE("weight decay takes its share of a value beside the step, and stays out of the moments") {
    for (const char* kind : {"adam", "amsgrad", "momentum", "sgd"}) {
        INFO(kind);
        OptimizerOptions options;
        options.kind = optimizer_kind(kind);
        options.learning_rate = 0.1f;
        std::vector<double> plain = {3.0, -2.0, 0.0}, decayed = plain;
        OptimizerState plain_state, decayed_state;
        for (std::uint64_t step = 1; step <= 3; ++step) {
            const std::vector<double> before = plain, gradient = {0.5, 1.0, -2.0 * static_cast<double>(step)};
            options.weight_decay = 0;
            optimizer_step(plain, gradient, plain_state, options, step);
            std::vector<double> expected;
            for (std::size_t i = 0; i < 3; ++i) {
                expected.push_back(decayed[i] * (1.0 - 0.1 * 0.03) + (plain[i] - before[i]));
            }
            options.weight_decay = 0.03f;
            optimizer_step(decayed, gradient, decayed_state, options, step);
            for (std::size_t i = 0; i < 3; ++i) CHECK(decayed[i] == Approx(expected[i]).epsilon(1e-14));
        }
        CHECK(decayed_state.m == plain_state.m);
        CHECK(decayed_state.v == plain_state.v);
        CHECK(decayed_state.v_max == plain_state.v_max);
    }
}

TEST_CASE("Optimizer lets only the tensors decay that it is told to") {
    OptimizerOptions options;
    options.kind = OptimizerKind::sgd;
    options.learning_rate = 0.5f;
    options.weight_decay = 0.25f;
    Optimizer optimizer(options);
    std::map<std::string, std::vector<double>> values = {{"a", {8.0}}, {"b", {8.0}}};
    optimizer.update(values, {{"a", {0.0}}, {"b", {0.0}}}, {"a"});
    CHECK(values["a"].front() == 7.0);
    CHECK(values["b"].front() == 8.0);
}

TEST_CASE("Optimizer keeps each tensor's state apart and counts steps once") {
    OptimizerOptions options;
    options.learning_rate = 0.1f;
    Optimizer optimizer(options);
    std::map<std::string, std::vector<double>> values = {{"a", {1.0}}, {"b", {1.0, 1.0}}, {"fixed", {7.0}}};
    optimizer.update(values, {{"a", {2.0}}, {"b", {0.0, 2.0}}});
    optimizer.update(values, {{"a", {-1.0}}, {"b", {0.0, -1.0}}});
    CHECK(optimizer.step() == 2);
    CHECK(values["a"].front() == after(OptimizerKind::adam, {2.0, -1.0}));
    CHECK(values["b"] == std::vector<double>{1.0, values["a"].front()});
    CHECK(values["fixed"].front() == 7.0);
    CHECK(optimizer.states().at("b").m.size() == 2);
    CHECK(optimizer.states().count("fixed") == 0);
}

TEST_CASE("an optimizer refuses wrong sizes and step 0, and does not hide NaN") {
    std::vector<double> value = {1.0};
    OptimizerState state;
    CHECK_THROWS_AS(optimizer_step(value, {1.0, 2.0}, state, {}, 1), std::invalid_argument);
    CHECK_THROWS_AS(optimizer_step(value, {1.0}, state, {}, 0), std::invalid_argument);
    state.m = {0.0, 0.0};
    CHECK_THROWS_AS(optimizer_step(value, {1.0}, state, {}, 1), std::invalid_argument);
    const double nan = std::numeric_limits<double>::quiet_NaN();
    for (const char* name : {"adam", "amsgrad", "momentum", "sgd"}) {
        CHECK(std::isnan(after(optimizer_kind(name), {nan, 1.0})));
    }
}

TEST_CASE("optimizers have names") {
    for (const char* name : {"adam", "amsgrad", "momentum", "sgd"})
        CHECK(to_string(optimizer_kind(name)) == name);
    CHECK(optimizer_kind("momentum") == OptimizerKind::momentum);
    for (const char* name : {"", "Adam", "adamw", "adam "}) CHECK_THROWS_AS(optimizer_kind(name), InputError);
}
