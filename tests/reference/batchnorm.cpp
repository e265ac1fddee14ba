#include "reference/batchnorm.h"

#include <cmath>

namespace shadenet::reference {

namespace {

double values_per_channel(const Shape& shape) {
    return static_cast<double>(shape.n * shape.plane());
}

/// Calls visit(c, i) for every value, `i` its index and `c` its channel.
template <typename Visit>
void for_each_value(const Shape& shape, const Visit& visit) {
    const std::size_t plane = shape.plane();
    for (std::size_t i = 0; i < shape.values(); ++i) visit(i / plane % shape.c, i);
}

void divide(std::vector<double>& values, double divisor) {
    for (double& value : values) value /= divisor;
}

std::vector<double> inverse_deviation(const std::vector<double>& variance, double epsilon) {
    std::vector<double> inverse;
    for (const double value : variance) inverse.push_back(1.0 / std::sqrt(value + epsilon));
    return inverse;
}

}  // namespace

BatchStatistics batchnorm_statistics(const Tensor& x) {
    BatchStatistics result{std::vector<double>(x.shape.c, 0.0), std::vector<double>(x.shape.c, 0.0)};
    const double count = values_per_channel(x.shape);
    for_each_value(x.shape, [&](std::size_t c, std::size_t i) { result.mean[c] += x.values[i]; });
    divide(result.mean, count);
    for_each_value(x.shape, [&](std::size_t c, std::size_t i) {
        const double centred = x.values[i] - result.mean[c];
        result.variance[c] += centred * centred;
    });
    divide(result.variance, count);
    return result;
}

Tensor batchnorm_normalize(const Tensor& x, const std::vector<double>& mean,
                           const std::vector<double>& variance, const std::vector<double>& gamma,
                           const std::vector<double>& beta, double epsilon) {
    expect_size("mean", mean.size(), x.shape.c);
    expect_size("variance", variance.size(), x.shape.c);
    expect_size("gamma", gamma.size(), x.shape.c);
    expect_size("beta", beta.size(), x.shape.c);
    const std::vector<double> inverse = inverse_deviation(variance, epsilon);
    Tensor y(x.shape);
    for_each_value(x.shape, [&](std::size_t c, std::size_t i) {
        y.values[i] = gamma[c] * (x.values[i] - mean[c]) * inverse[c] + beta[c];
    });
    return y;
}

BatchNormGradient batchnorm_backward_inference(const Tensor& x, const Tensor& dy,
                                               const std::vector<double>& mean,
                                               const std::vector<double>& variance,
                                               const std::vector<double>& gamma, double epsilon) {
    expect_shape("dy", dy.shape, x.shape);
    expect_size("mean", mean.size(), x.shape.c);
    expect_size("variance", variance.size(), x.shape.c);
    expect_size("gamma", gamma.size(), x.shape.c);
    const std::vector<double> inverse = inverse_deviation(variance, epsilon);
    BatchNormGradient result{Tensor(x.shape), std::vector<double>(x.shape.c, 0.0),
                             std::vector<double>(x.shape.c, 0.0)};
    for_each_value(x.shape, [&](std::size_t c, std::size_t i) {
        const double xhat = (x.values[i] - mean[c]) * inverse[c];
        result.dgamma[c] += dy.values[i] * xhat;
        result.dbeta[c] += dy.values[i];
        result.dx.values[i] = gamma[c] * inverse[c] * dy.values[i];
    });
    return result;
}

BatchNormGradient batchnorm_backward(const Tensor& x, const Tensor& dy, const std::vector<double>& mean,
                                     const std::vector<double>& variance, const std::vector<double>& gamma,
                                     double epsilon) {
    BatchNormGradient result = batchnorm_backward_inference(x, dy, mean, variance, gamma, epsilon);
    const std::vector<double> inverse = inverse_deviation(variance, epsilon);
    const double count = values_per_channel(x.shape);
    // What remains is how x moves its own mean and variance.
    for_each_value(x.shape, [&](std::size_t c, std::size_t i) {
        const double xhat = (x.values[i] - mean[c]) * inverse[c];
        result.dx.values[i] -= gamma[c] * inverse[c] * (result.dbeta[c] + xhat * result.dgamma[c]) / count;
    });
    return result;
}

void moving_update(std::vector<double>& moving, const std::vector<double>& batch, double decay) {
    expect_size("batch statistic", batch.size(), moving.size());
    for (std::size_t c = 0; c < moving.size(); ++c) moving[c] = decay * moving[c] + (1.0 - decay) * batch[c];
}

}  // namespace shadenet::reference
