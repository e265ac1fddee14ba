#include "reference/activation.h"

#include <cmath>
#include <stdexcept>

namespace shadenet::reference {

namespace {

/// Written so that NaN stays NaN: a comparison with NaN is false, and relu(NaN) = 0 would hide it.
double forward(double x, ActivationKind kind) {
    switch (kind) {
        case ActivationKind::relu:
            return x <= 0.0 ? 0.0 : x;
        case ActivationKind::leaky_relu:
            return x <= 0.0 ? decimal(leaky_slope) * x : x;
        case ActivationKind::tanh:
            return std::tanh(x);
        case ActivationKind::sigmoid:
            return 1.0 / (1.0 + std::exp(-x));
        case ActivationKind::elu:
            return x > 0.0 ? x : std::expm1(x);
    }
    throw std::invalid_argument("unknown activation");
}

double derivative(double y, ActivationKind kind) {
    switch (kind) {
        case ActivationKind::relu:
            return y > 0.0 ? 1.0 : 0.0;
        case ActivationKind::leaky_relu:
            return y > 0.0 ? 1.0 : decimal(leaky_slope);
        case ActivationKind::tanh:
            return 1.0 - y * y;
        case ActivationKind::sigmoid:
            return y * (1.0 - y);
        case ActivationKind::elu:
            return y > 0.0 ? 1.0 : 1.0 + y;
    }
    throw std::invalid_argument("unknown activation");
}

}  // namespace

Tensor activation_forward(const Tensor& x, ActivationKind kind) {
    Tensor y(x.shape);
    for (std::size_t i = 0; i < y.values.size(); ++i) y.values[i] = forward(x.values[i], kind);
    return y;
}

Tensor activation_backward(const Tensor& y, const Tensor& dy, ActivationKind kind) {
    expect_shape("dy", dy.shape, y.shape);
    Tensor dx(y.shape);
    for (std::size_t i = 0; i < dx.values.size(); ++i)
        dx.values[i] = derivative(y.values[i], kind) * dy.values[i];
    return dx;
}

}  // namespace shadenet::reference
