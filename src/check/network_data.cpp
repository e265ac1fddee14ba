#include "check/network_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <variant>

#include "model/random.h"

namespace shadenet::check {

namespace {

/// Of the pass, so that both words of the step and of the seed count in dropout's masks.
constexpr std::uint64_t dropout_step = 0x3'0000'0007, dropout_seed = 0x5'0000'0000;

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
    return largest;
}

/// Moves every value by up to a unit of float32's last place.
void disturb(std::vector<double>& values, std::mt19937_64& random) {
    std::uniform_real_distribution<double> units(-1, 1);
    for (double& value : values) value *= 1 + units(random) * std::numeric_limits<float>::epsilon();
}

/// The target of one sort, and none of the other.
reference::Target target_of(const NetworkData& data, const Shape& shape) {
    if (!data.labels.empty()) return data.labels;
    return reference::tensor_from_floats(shape, data.target);
}

RoundingNoise noise_of(const NetworkCase& one, const NetworkData& data, const reference::NetworkRun& network,
                       const reference::Tensor& x) {
    constexpr int draws = 3;
    const reference::Norms norms = one.frozen ? reference::Norms::frozen : reference::Norms::batch;
    const reference::Tensor inferred = network.infer(x);
    std::mt19937_64 random = random_stream(data.seed, 4);
    RoundingNoise noise;
    for (int draw = 0; draw < draws; ++draw) {
        reference::NetworkRun other = network;
        reference::Tensor other_x = x;
        for (auto& [name, values] : other.values()) disturb(values, random);
        disturb(other_x.values, random);
        const reference::Evaluation disturbed =
            other.evaluate(other_x, target_of(data, data.truth.points.back().shape), norms, data.dropout,
                           [&](reference::Tensor& tensor) { disturb(tensor.values, random); });
        const auto raise = [](double& largest, double value) { largest = std::max(largest, value); };
        raise(noise.result,
              largest_difference(disturbed.points.back().values, data.truth.points.back().values));
        raise(noise.inference, largest_difference(other.infer(other_x).values, inferred.values));
        for (const auto& [name, gradient] : data.truth.gradients) {
            raise(noise.gradients[name], largest_difference(disturbed.gradients.at(name), gradient));
        }
    }
    return noise;
}

}  // namespace

double nearest_to_kink(const Network& network, const reference::Evaluation& truth) {
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        const auto* activation = std::get_if<Activation>(&network.layers[i]);
        const bool rectifies = activation != nullptr && (activation->kind == ActivationKind::relu ||
                                                         activation->kind == ActivationKind::leaky_relu);
        if (!rectifies) continue;
        for (const double value : truth.points[i].values) {
            if (value != 0) nearest = std::min(nearest, std::abs(value));
        }
    }
    return nearest;
}

NetworkData draw_network_data(const NetworkCase& one) {
    const Shape y_shape = point_shapes(one.network, one.x).back();
    for (std::uint64_t seed = one.seed;; ++seed) {
        std::mt19937_64 random = random_stream(seed, 3);
        NetworkData data{seed,
                         random_values(one.x.values(), one.data, random),
                         {},
                         {},
                         random_parameters(one.network, Data::normal, seed),
                         {.seed = dropout_seed + seed, .step = dropout_step},
                         {},
                         {}};
        if (one.on_labels) {
            while (data.labels.size() < y_shape.n) {
                data.labels.push_back(static_cast<std::uint32_t>(random() % y_shape.c));
            }
        } else {
            data.target = random_values(y_shape.values(), one.data, random);
        }
        const reference::NetworkRun network(one.network, data.parameters);
        const reference::Tensor x = reference::tensor_from_floats(one.x, data.x);
        const reference::Norms norms = one.frozen ? reference::Norms::frozen : reference::Norms::batch;
        data.truth = network.evaluate(x, target_of(data, y_shape), norms, data.dropout);
        if (nearest_to_kink(one.network, data.truth) <= 1e-5) continue;
        data.noise = noise_of(one, data, network, x);
        return data;
    }
}

reference::NetworkRun moved_network(const NetworkCase& one, const NetworkData& data) {
    reference::NetworkRun network(one.network, data.parameters);
    if (one.frozen) return network;
    for (const BatchNorm& norm : norms_of(one.network)) {
        const reference::BatchStatistics& batch = data.truth.statistics.at(norm.name);
        const double decay = reference::decimal(norm.decay);
        reference::moving_update(network.values().at(norm.name + ".running_mean"), batch.mean, decay);
        reference::moving_update(network.values().at(norm.name + ".running_var"), batch.variance, decay);
    }
    return network;
}

}  // namespace shadenet::check
