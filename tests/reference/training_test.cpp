#include "reference/training.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <variant>

#include "model/presets.h"
#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

constexpr Shape small_picture = {2, 3, 4, 5};
/// Two ways to the same sums in float64.
constexpr double two_ways_tolerance = 1e-12;

/// Batches that differ, and what a run of `options` makes of them.
struct Scene {
    explicit Scene(const TrainingOptions& used)
        : options(used), start(initial_parameters(used.network, 5)), training(used, start) {
        std::mt19937_64 random(3);
        for (std::size_t i = 0; i < 4; ++i) {
            inputs.push_back(random_tensor(small_picture, random, 0.5, 0.5));
            targets.push_back(random_tensor(small_picture, random, 0.5, 0.5));
        }
    }
    /// What the norm's layer sees of a batch now.
    BatchStatistics statistics(std::size_t batch, const char* norm) const {
        return training.network().evaluate(inputs[batch], targets[batch]).statistics.at(norm);
    }

    TrainingOptions options;
    Parameters start;
    Training training;
    std::vector<Tensor> inputs, targets;
};

Network small_network() {
    return two_layer_network({.hidden = 3, .activation = "tanh", .decay = 0.8f});
}

}  // namespace

TEST_CASE("a plain run is the network's own steps") {
    Scene scene({.network = small_network()});
    NetworkRun network(scene.options.network, scene.start);
    Optimizer optimizer(scene.options.optimizer);
    for (std::size_t i = 0; i < 4; ++i) {
        CHECK(scene.training.step(scene.inputs[i], scene.targets[i], 1) ==
              network.train_step(scene.inputs[i], scene.targets[i], optimizer));
    }
    CHECK(scene.training.network().values() == network.values());
    CHECK(scene.training.norm_updates() == 4);
}

TEST_CASE("debiased averages are their closed form, and forget where they began") {
    for (const bool other_start : {false, true}) {
        Scene scene({.network = small_network(), .debias = true});
        if (other_start) {
            scene.start.at("bn1.running_mean").values.assign(3, 1e6f);
            scene.training = Training(scene.options, scene.start);
        }
        std::vector<double> sum(3, 0.0);
        for (std::size_t t = 1; t <= 4; ++t) {
            const BatchStatistics batch = scene.statistics(t - 1, "bn1");
            for (std::size_t c = 0; c < 3; ++c) sum[c] = 0.8 * sum[c] + 0.2 * batch.mean[c];
            scene.training.step(scene.inputs[t - 1], scene.targets[t - 1], 1);
            std::vector<double> expected = sum;
            for (double& value : expected) value /= 1.0 - std::pow(0.8, static_cast<double>(t));
            check_close("moving mean", scene.training.network().values().at("bn1.running_mean"), expected,
                        two_ways_tolerance);
        }
    }
}

TEST_CASE("debiased averages with decays that change weigh every batch by those after it") {
    Scene scene({.network = small_network(), .debias = true});
    const std::vector<double> decays = {0.5, 0.9, 0.0, 0.7};
    // After the decay of 0 nothing of the first two is left.
    std::vector<double> expected(3, 0.0);
    for (std::size_t i = 0; i < 4; ++i) {
        const BatchStatistics batch = scene.statistics(i, "bn2");
        const double weight = std::vector<double>{0, 0, 0.7, 0.3}[i];
        for (std::size_t c = 0; c < 3; ++c) expected[c] += weight * batch.variance[c];
        scene.training.step(scene.inputs[i], scene.targets[i], 1, decays[i]);
    }
    check_close("moving variance", scene.training.network().values().at("bn2.running_var"), expected,
                two_ways_tolerance);
}

TEST_CASE("from its epoch on a frozen run keeps the statistics, and trains the biases") {
    Scene scene({.network = small_network(), .freeze_norm = 2});
    scene.training.step(scene.inputs[0], scene.targets[0], 1);
    const NamedValues before = scene.training.network().values();
    for (const double bias : before.at("conv1.bias")) CHECK(bias == 0.0);
    const double loss = scene.training.step(scene.inputs[1], scene.targets[1], 2);
    const NamedValues& after = scene.training.network().values();
    CHECK(after.at("bn1.running_mean") == before.at("bn1.running_mean"));
    CHECK(after.at("bn2.running_var") == before.at("bn2.running_var"));
    for (const double bias : after.at("conv1.bias")) CHECK(bias != 0.0);
    CHECK(scene.training.norm_updates() == 1);
    // What it trained by is what inference gives.
    NetworkRun as_before(scene.options.network, scene.start);
    as_before.values() = before;
    const Tensor result = as_before.infer(scene.inputs[1]);
    double sum = 0.0;
    for (std::size_t i = 0; i < result.values.size(); ++i) {
        sum += std::pow(result.values[i] - scene.targets[1].values[i], 2);
    }
    CHECK(loss == Approx(sum / static_cast<double>(result.values.size())).epsilon(two_ways_tolerance));
}

TEST_CASE("a run that begins with no residual begins as the identity, and leaves it") {
    Scene scene({.network = small_network(), .zero_init_residual = true});
    CHECK(scene.training.network().infer(scene.inputs[0]).values == scene.inputs[0].values);
    scene.training.step(scene.inputs[0], scene.targets[0], 1);
    CHECK(scene.training.network().infer(scene.inputs[0]).values != scene.inputs[0].values);
}

TEST_CASE("each norm moves by its own decay, debiased or not") {
    for (const bool debias : {false, true}) {
        Network network = small_network();
        for (Layer& layer : network.layers) {
            auto* norm = std::get_if<BatchNorm>(&layer);
            if (norm != nullptr && norm->name == "bn2") norm->decay = 0.25f;
        }
        Scene scene({.network = network, .debias = debias});
        std::vector<double> sum(3, 0.0);
        for (std::size_t t = 1; t <= 3; ++t) {
            const BatchStatistics batch = scene.statistics(t - 1, "bn2");
            for (std::size_t c = 0; c < 3; ++c) sum[c] = 0.25 * sum[c] + 0.75 * batch.mean[c];
            scene.training.step(scene.inputs[t - 1], scene.targets[t - 1], 1);
            std::vector<double> expected = sum;
            const double weights = debias ? 1.0 - std::pow(0.25, static_cast<double>(t)) : 1.0;
            for (double& value : expected) value /= weights;
            check_close("moving mean", scene.training.network().values().at("bn2.running_mean"), expected,
                        two_ways_tolerance);
        }
    }
}

TEST_CASE("a run on labels draws dropout's masks by its seed and step, with frozen norms too") {
    const Network network{{0, 3, 4, 5},
                          {Dense{"fc1", 60, 6}, BatchNorm{"bn1", 6}, Activation{ActivationKind::elu},
                           Dropout{0.5f}, Dense{"fc2", 6, 3}}};
    const Target labels = Labels{2, 0};
    Scene scene({.network = network, .optimizer = {.weight_decay = 0.1f}, .freeze_norm = 2, .seed = 77});
    Optimizer optimizer({.weight_decay = 0.1f});
    NetworkRun by_hand(network, scene.start);
    for (std::uint64_t step = 0; step < 4; ++step) {
        const bool frozen = step >= 2;
        const Evaluation evaluation = by_hand.evaluate(
            scene.inputs[step], labels, frozen ? Norms::frozen : Norms::batch, {.seed = 77, .step = step});
        CHECK(scene.training.step(scene.inputs[step], labels, frozen ? 2 : 1) == evaluation.loss);
        if (frozen) {
            by_hand.update(evaluation.gradients, optimizer);
        } else {
            CHECK(by_hand.train_step(scene.inputs[step], labels, optimizer, 77) == evaluation.loss);
        }
        CHECK(scene.training.network().values() == by_hand.values());
    }
}
