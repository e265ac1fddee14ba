#include "reference/network.h"

#include <algorithm>
#include <utility>

#include "reference/activation.h"
#include "reference/conv.h"
#include "reference/loss.h"
#include "reference/skip.h"

namespace shadenet::reference {

namespace {

/// One pass through the layers: what it reads of the network, and what it leaves for the way back.
struct Pass {
    const Network& network;
    const NamedValues& values;
    Norms norms;
    Evaluation result{};
    std::vector<Tensor> dpoints{};  ///< gradients of the points, added up where paths meet

    const std::vector<double>& value(const std::string& layer, const char* tensor) const {
        return values.at(layer + "." + tensor);
    }

    Tensor forward(const Conv& layer, const Tensor& x) {
        return conv_forward(x, value(layer.name, "weight"), value(layer.name, "bias"), layer);
    }

    /// What a norm normalises by.
    BatchStatistics used(const BatchNorm& layer) const {
        if (norms == Norms::batch) return result.statistics.at(layer.name);
        return {value(layer.name, "running_mean"), value(layer.name, "running_var")};
    }

    Tensor forward(const BatchNorm& layer, const Tensor& x) {
        result.statistics[layer.name] = batchnorm_statistics(x);
        const BatchStatistics statistics = used(layer);
        return batchnorm_normalize(x, statistics.mean, statistics.variance, value(layer.name, "weight"),
                                   value(layer.name, "bias"), decimal(layer.epsilon));
    }

    Tensor forward(const Activation& layer, const Tensor& x) { return activation_forward(x, layer.kind); }

    Tensor forward(const Skip& layer, const Tensor& x) { return add(x, result.points.at(layer.from_point)); }

    void run_forward(const Tensor& x) {
        point_shapes(network, x.shape);  // throws when the input does not fit
        result.points.push_back(x);
        for (const Layer& layer : network.layers) {
            Tensor y =
                std::visit([&](const auto& kind) { return forward(kind, result.points.back()); }, layer);
            result.points.push_back(std::move(y));
        }
    }

    /// Each backward(layer, i) takes the gradient of layer i's output from dpoints[i + 1] and returns that of
    /// its input.
    Tensor backward(const Conv& layer, std::size_t i) {
        const Tensor& x = result.points[i];
        const Tensor& dy = dpoints[i + 1];
        ConvGradient gradient = conv_backward_weight(x, dy, layer);
        if (norms == Norms::batch && bias_feeds_norm(network, i)) {
            std::fill(gradient.dbias.begin(), gradient.dbias.end(), 0.0);
        }
        result.gradients[layer.name + ".weight"] = std::move(gradient.dweight);
        result.gradients[layer.name + ".bias"] = std::move(gradient.dbias);
        return conv_backward_input(dy, value(layer.name, "weight"), layer, x.shape);
    }

    Tensor backward(const BatchNorm& layer, std::size_t i) {
        const BatchStatistics statistics = used(layer);
        const auto& gradient_of = norms == Norms::batch ? batchnorm_backward : batchnorm_backward_inference;
        BatchNormGradient gradient =
            gradient_of(result.points[i], dpoints[i + 1], statistics.mean, statistics.variance,
                        value(layer.name, "weight"), decimal(layer.epsilon));
        result.gradients[layer.name + ".weight"] = std::move(gradient.dgamma);
        result.gradients[layer.name + ".bias"] = std::move(gradient.dbeta);
        return std::move(gradient.dx);
    }

    Tensor backward(const Activation& layer, std::size_t i) {
        return activation_backward(result.points[i + 1], dpoints[i + 1], layer.kind);
    }

    Tensor backward(const Skip& layer, std::size_t i) {
        dpoints[layer.from_point] = add(dpoints[layer.from_point], dpoints[i + 1]);
        return dpoints[i + 1];
    }

    void run_backward(Tensor dout) {
        for (const Tensor& point : result.points) dpoints.emplace_back(point.shape);
        dpoints.back() = std::move(dout);
        for (std::size_t i = network.layers.size(); i-- > 0;) {
            const Tensor dx =
                std::visit([&](const auto& kind) { return backward(kind, i); }, network.layers[i]);
            dpoints[i] = add(dpoints[i], dx);
        }
        result.dx = dpoints.front();
    }
};

}  // namespace

NetworkRun::NetworkRun(Network network, const Parameters& parameters) : network_(std::move(network)) {
    for (const TensorSpec& spec : tensor_specs(network_)) {
        const NamedTensor& tensor = parameters.at(spec.name);
        expect_size(spec.name, tensor.values.size(), spec.values());
        values_[spec.name] = doubles_from_floats(tensor.values);
    }
}

Evaluation NetworkRun::evaluate(const Tensor& x, const Tensor& target, Norms norms) const {
    Pass pass{network_, values_, norms};
    pass.run_forward(x);
    Loss loss = mean_squared_error(pass.result.points.back(), target);
    pass.result.loss = loss.loss;
    pass.run_backward(std::move(loss.dout));
    return std::move(pass.result);
}

double NetworkRun::training_loss(const Tensor& x, const Tensor& target, Norms norms) const {
    Pass pass{network_, values_, norms};
    pass.run_forward(x);
    return mean_squared_error(pass.result.points.back(), target).loss;
}

double NetworkRun::train_step(const Tensor& x, const Tensor& target, Optimizer& optimizer) {
    Evaluation evaluation = evaluate(x, target);
    for (const Layer& layer : network_.layers) {
        const auto* norm = std::get_if<BatchNorm>(&layer);
        if (norm == nullptr) continue;
        const BatchStatistics& batch = evaluation.statistics.at(norm->name);
        moving_update(values_.at(norm->name + ".running_mean"), batch.mean, decimal(norm->decay));
        moving_update(values_.at(norm->name + ".running_var"), batch.variance, decimal(norm->decay));
    }
    gradients_ = std::move(evaluation.gradients);
    update(gradients_, optimizer);
    return evaluation.loss;
}

void NetworkRun::update(const NamedValues& gradients, Optimizer& optimizer) {
    NamedValues moving = gradients;
    for (const TensorSpec& spec : tensor_specs(network_)) {
        if (spec.held) moving.erase(spec.name);
    }
    optimizer.update(values_, moving);
}

Tensor NetworkRun::infer(const Tensor& x) const {
    Pass pass{network_, values_, Norms::frozen};
    pass.run_forward(x);
    return std::move(pass.result.points.back());
}

}  // namespace shadenet::reference
