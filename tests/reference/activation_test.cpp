#include "reference/activation.h"

#include <cmath>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>

#include "reference/gradient_check.h"

using namespace shadenet;
using namespace shadenet::reference;

namespace {

Tensor row(std::vector<double> values) {
    Tensor tensor({1, 1, 1, static_cast<std::uint32_t>(values.size())});
    tensor.values = std::move(values);
    return tensor;
}

/// Values no nearer to zero than 0.1, so that no difference straddles the kink there.
Tensor away_from_zero(const Shape& shape, std::mt19937_64& random) {
    Tensor tensor = random_tensor(shape, random, 0.0, 2.0);
    for (double& value : tensor.values) value += std::copysign(0.1, value);
    return tensor;
}

const std::vector<ActivationKind> all_kinds = {ActivationKind::relu, ActivationKind::leaky_relu,
                                               ActivationKind::tanh, ActivationKind::sigmoid,
                                               ActivationKind::elu};

}  // namespace

TEST_CASE("activations have their values") {
    const Tensor x = row({-2.0, 0.0, 3.0});
    CHECK(activation_forward(x, ActivationKind::relu).values == std::vector<double>{0.0, 0.0, 3.0});
    CHECK(activation_forward(x, ActivationKind::leaky_relu).values == std::vector<double>{-0.4, 0.0, 3.0});
    CHECK(activation_forward(x, ActivationKind::tanh).values ==
          std::vector<double>{std::tanh(-2.0), 0.0, std::tanh(3.0)});
    const Tensor sigmoid = activation_forward(x, ActivationKind::sigmoid);
    CHECK(sigmoid.values[0] == Approx(0.1192029220221175).epsilon(1e-15));
    CHECK(sigmoid.values[1] == 0.5);
    CHECK(sigmoid.values[2] == Approx(0.9525741268224334).epsilon(1e-15));
    const Tensor elu = activation_forward(x, ActivationKind::elu);
    CHECK(elu.values[0] == Approx(-0.8646647167633873).epsilon(1e-15));
    CHECK(elu.values[1] == 0.0);
    CHECK(elu.values[2] == 3.0);
}

TEST_CASE("sigmoid and elu stay in their ranges far from zero, and exact next to it") {
    const Tensor x = row({-1000.0, 1000.0, -1e-12});
    CHECK(activation_forward(x, ActivationKind::sigmoid).values ==
          std::vector<double>{0.0, 1.0, 0.5 - 0.25e-12});
    const Tensor elu = activation_forward(x, ActivationKind::elu);
    CHECK(elu.values[0] == -1.0);
    CHECK(elu.values[1] == 1000.0);
    CHECK(elu.values[2] == Approx(-1e-12).epsilon(1e-11));
    const Tensor dy = row({1.0, 1.0, 1.0});
    CHECK(activation_backward(elu, dy, ActivationKind::elu).values.front() == 0.0);
}

TEST_CASE("at zero the kinks take the slope below") {
    const Tensor y = row({0.0}), dy = row({5.0});
    CHECK(activation_backward(y, dy, ActivationKind::relu).values == std::vector<double>{0.0});
    CHECK(activation_backward(y, dy, ActivationKind::leaky_relu).values == std::vector<double>{1.0});
    CHECK(activation_backward(y, dy, ActivationKind::tanh).values == std::vector<double>{5.0});
    CHECK(activation_backward(y, dy, ActivationKind::elu).values == std::vector<double>{5.0});
}

TEST_CASE("activation gradients agree with central differences") {
    std::mt19937_64 random(31);
    for (const ActivationKind kind : all_kinds) {
        Tensor x = away_from_zero({2, 3, 5, 7}, random);
        const Tensor dy = random_tensor(x.shape, random);
        const Tensor dx = activation_backward(activation_forward(x, kind), dy, kind);
        const auto function = [&] { return weighted_sum(dy, activation_forward(x, kind)); };
        check_gradient(std::to_string(static_cast<int>(kind)), x.values, dx.values, function, 1e-3, 1e-9);
    }
}

TEST_CASE("activations refuse other shapes and do not hide NaN") {
    const Tensor nan = row({std::numeric_limits<double>::quiet_NaN()});
    for (const ActivationKind kind : all_kinds) {
        CHECK(std::isnan(activation_forward(nan, kind).values.front()));
        CHECK(std::isnan(activation_backward(row({1.0}), nan, kind).values.front()));
        CHECK_THROWS_AS(activation_backward(nan, row({1.0, 2.0}), kind), std::invalid_argument);
    }
}
