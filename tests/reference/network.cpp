#include "reference/network.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

#include "reference/activation.h"
#include "reference/average.h"
#include "reference/conv.h"
#include "reference/dense.h"
#include "reference/picture_padding.h"
#include "reference/skip.h"

namespace shadenet::reference {

namespace {

/// One pass through the layers: what it reads of the network, and what it leaves for the way back.
struct Pass {
    const Network& network;
    const NamedValues& values;
    Norms norms;
    std::optional<DropoutKey> key;           ///< none: dropout does nothing
    std::function<void(Tensor&)> disturb{};  ///< see NetworkRun::evaluate()
    Evaluation result{};
    std::vector<Tensor> dpoints{};  ///< gradients of the points, added up where paths meet

    const std::vector<double>& value(const std::string& layer, const char* tensor) const {
        return values.at(layer + "." + tensor);
    }

    Tensor forward(const Conv& layer, const Tensor& x, std::size_t) {
        return conv_forward(x, value(layer.name, "weight"), value(layer.name, "bias"), layer);
    }

    Tensor forward(const Dense& layer, const Tensor& x, std::size_t) {
        return dense_forward(x, value(layer.name, "weight"), value(layer.name, "bias"), layer);
    }

    /// What a norm normalises by.
    BatchStatistics used(const BatchNorm& layer) const {
        if (norms == Norms::batch) return result.statistics.at(layer.name);
        return {value(layer.name, "running_mean"), value(layer.name, "running_var")};
    }

    Tensor forward(const BatchNorm& layer, const Tensor& x, std::size_t) {
        result.statistics[layer.name] = batchnorm_statistics(x);
        const BatchStatistics statistics = used(layer);
        return batchnorm_normalize(x, statistics.mean, statistics.variance, value(layer.name, "weight"),
                                   value(layer.name, "bias"), decimal(layer.epsilon));
    }

    Tensor forward(const Activation& layer, const Tensor& x, std::size_t) {
        return activation_forward(x, layer.kind);
    }

    Tensor forward(const Dropout& layer, const Tensor& x, std::size_t i) {
        return key ? dropout(x, layer, i, *key) : x;
    }

    Tensor forward(const Average&, const Tensor& x, std::size_t) { return average_forward(x); }

    Tensor forward(const Skip& layer, const Tensor& x, std::size_t) {
        return add(x, inner(result.points.at(layer.from_point), x.shape));
    }

    void run_forward(const Tensor& pictures) {
        point_shapes(network, pictures.shape);  // throws when the input does not fit
        result.points.push_back(continued(pictures, picture_margin(network), network.padding));
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            Tensor y = std::visit([&](const auto& layer) { return forward(layer, result.points.back(), i); },
                                  network.layers[i]);
            if (disturb) disturb(y);
            result.points.push_back(std::move(y));
        }
    }

    /// What is left of a bias' gradient that a norm makes 0 is rounding noise, small beside the sum of the
    /// absolute values that it is the sum of. Throws std::logic_error where it is more, unless gradients are
    /// disturbed.
    void forget_cancelled_bias(const std::string& layer, std::size_t i) {
        if (norms == Norms::frozen || !bias_feeds_norm(network, i)) return;
        double sum = 0.0;
        for (const double value : dpoints[i + 1].values) sum += std::abs(value);
        for (double& value : result.gradients.at(layer + ".bias")) {
            if (!disturb && !(std::abs(value) <= 1e-9 * sum))
                throw std::logic_error(layer + " has a bias that is not cancelled");
            value = 0.0;
        }
    }

    /// Those of a layer's weights and bias, from ConvGradient or DenseGradient.
    template <typename Gradient>
    void keep_gradient(const std::string& layer, std::size_t i, Gradient gradient) {
        result.gradients[layer + ".weight"] = std::move(gradient.dweight);
        result.gradients[layer + ".bias"] = std::move(gradient.dbias);
        forget_cancelled_bias(layer, i);
    }

    /// Each backward(layer, i) takes the gradient of layer i's output from dpoints[i + 1] and returns that of
    /// its input.
    Tensor backward(const Conv& layer, std::size_t i) {
        const Tensor& x = result.points[i];
        const Tensor& dy = dpoints[i + 1];
        keep_gradient(layer.name, i, conv_backward_weight(x, dy, layer));
        return conv_backward_input(dy, value(layer.name, "weight"), layer, x.shape);
    }

    Tensor backward(const Dense& layer, std::size_t i) {
        const Tensor& x = result.points[i];
        const Tensor& dy = dpoints[i + 1];
        keep_gradient(layer.name, i, dense_backward_weight(x, dy, layer));
        return dense_backward_input(dy, value(layer.name, "weight"), layer, x.shape);
    }

    Tensor backward(const BatchNorm& layer, std::size_t i) {
        const BatchStatistics statistics = used(layer);
        const auto& gradient_of = norms == Norms::batch ? batchnorm_backward : batchnorm_backward_inference;
        BatchNormGradient gradient =
            gradient_of(result.points[i], dpoints[i + 1], statistics.mean, statistics.variance,
                        value(layer.name, "weight"), decimal(layer.epsilon));
        result.gradients[layer.name + ".weight"] = std::move(gradient.dgamma);
        result.gradients[layer.name + ".bias"] = std::move(gradient.dbeta);
        forget_cancelled_bias(layer.name, i);
        return std::move(gradient.dx);
    }

    Tensor backward(const Activation& layer, std::size_t i) {
        return activation_backward(result.points[i + 1], dpoints[i + 1], layer.kind);
    }

    Tensor backward(const Dropout& layer, std::size_t i) {
        return key ? dropout(dpoints[i + 1], layer, i, *key) : dpoints[i + 1];
    }

    Tensor backward(const Average&, std::size_t i) {
        return average_backward(dpoints[i + 1], result.points[i].shape);
    }

    Tensor backward(const Skip& layer, std::size_t i) {
        Tensor& dfrom = dpoints[layer.from_point];
        dfrom = add(dfrom, surrounded(dpoints[i + 1], dfrom.shape));
        return dpoints[i + 1];
    }

    void run_backward(Tensor dout) {
        for (const Tensor& point : result.points) dpoints.emplace_back(point.shape);
        dpoints.back() = std::move(dout);
        for (std::size_t i = network.layers.size(); i-- > 0;) {
            Tensor dx = std::visit([&](const auto& kind) { return backward(kind, i); }, network.layers[i]);
            if (disturb) disturb(dx);
            dpoints[i] = add(dpoints[i], dx);
        }
        result.dx = dpoints.front();
    }
};

}  // namespace

NetworkRun::NetworkRun(Network network, const Parameters& parameters)
    : network_(as_computed(std::move(network))) {
    for (const TensorSpec& spec : tensor_specs(network_)) {
        const NamedTensor& tensor = parameters.at(spec.name);
        expect_size(spec.name, tensor.values.size(), spec.values());
        values_[spec.name] = doubles_from_floats(tensor.values);
    }
}

Evaluation NetworkRun::evaluate(const Tensor& x, const Target& target, Norms norms, const DropoutKey& key,
                                const std::function<void(Tensor&)>& disturb) const {
    Pass pass{network_, values_, norms, key, disturb};
    pass.run_forward(x);
    Loss loss = loss_of(pass.result.points.back(), target);
    pass.result.loss = loss.loss;
    pass.result.example_losses = std::move(loss.examples);
    pass.result.correct = loss.correct;
    pass.run_backward(std::move(loss.dout));
    return std::move(pass.result);
}

double NetworkRun::training_loss(const Tensor& x, const Target& target, Norms norms,
                                 const DropoutKey& key) const {
    Pass pass{network_, values_, norms, key};
    pass.run_forward(x);
    return loss_of(pass.result.points.back(), target).loss;
}

double NetworkRun::train_step(const Tensor& x, const Target& target, Optimizer& optimizer,
                              std::uint64_t seed) {
    Evaluation evaluation = evaluate(x, target, Norms::batch, {.seed = seed, .step = optimizer.step()});
    for (const Layer& layer : network_.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        const BatchStatistics& batch = evaluation.statistics.at(norm->name);
        moving_update(values_.at(norm->name + ".running_mean"), batch.mean, decimal(norm->decay));
        moving_update(values_.at(norm->name + ".running_var"), batch.variance, decimal(norm->decay));
    }
    gradients_ = std::move(evaluation.gradients);
    correct_ = evaluation.correct;
    update(gradients_, optimizer);
    return evaluation.loss;
}

void NetworkRun::update(const NamedValues& gradients, Optimizer& optimizer) {
    NamedValues moving = gradients;
    for (const TensorSpec& spec : tensor_specs(network_)) {
        if (spec.held) moving.erase(spec.name);
    }
    std::set<std::string> decayed;
    for (const Layer& layer : network_.layers) {
        if (has_weights(layer)) decayed.insert(layer_name(layer) + ".weight");
    }
    optimizer.update(values_, moving, decayed);
}

Tensor NetworkRun::infer(const Tensor& x, Norms norms) const {
    Pass pass{network_, values_, norms, {}};
    pass.run_forward(x);
    return std::move(pass.result.points.back());
}

}  // namespace shadenet::reference
