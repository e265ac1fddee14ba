#include <cmath>
#include <limits>

#include "check/harness.h"
#include "check/kernel_cases.h"
#include "device_fixture.h"
#include "engine/layers/layer.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

const ActivationKind activation_kinds[] = {ActivationKind::relu, ActivationKind::leaky_relu,
                                           ActivationKind::tanh};

/// The activation of a row of values, on the device.
std::vector<float> activated(const Device& device, ActivationKind kind, const std::vector<float>& values) {
    const Shape shape{1, 1, 1, static_cast<std::uint32_t>(values.size())};
    const GuardedTensor x(device, shape, "x", values), y(device, shape, "y");
    ParameterBuffers no_parameters(device, Parameters{});
    Reducer reducer(device);
    Recorder recorder(device);
    const auto kernels = make_kernels({device, reducer, no_parameters, shape}, Activation{kind});
    kernels->forward(recorder, x.view(), y.view(), Mode::inference);
    recorder.finish();
    return y.download();
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "activation: every kind on odd shapes") {
    const Shape shapes[] = {{2, 3, 5, 7}, {3, 5, 7, 130}, {1, 1, 1, 1}, {5, 31, 17, 3}};
    std::uint64_t seed = 0;
    for (const ActivationKind kind : activation_kinds) {
        for (const Shape& x : shapes)
            require_passed(check_activation(device, {x, kind, Data::normal, ++seed}));
        require_passed(check_activation(device, {{2, 3, 33, 7}, kind, Data::ugly, ++seed}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "activation: zero, tiny, huge and infinite values") {
    constexpr float huge = 3e38f, tiny = 1e-30f, infinite = std::numeric_limits<float>::infinity();
    const std::vector<float> x{0.0f, tiny, -tiny, 100.0f, -100.0f, huge, -huge, infinite, -infinite};
    const std::vector<float> relu = activated(device, ActivationKind::relu, x);
    const std::vector<float> leaky = activated(device, ActivationKind::leaky_relu, x);
    const std::vector<float> tanh = activated(device, ActivationKind::tanh, x);
    for (std::size_t i = 0; i < x.size(); ++i) {
        INFO("x = " << x[i]);
        CHECK(relu[i] == std::max(x[i], 0.0f));
        CHECK(leaky[i] == (x[i] > 0 ? x[i] : leaky_slope * x[i]));
        CHECK(std::abs(tanh[i] - std::tanh(x[i])) <= 1e-6f * std::abs(std::tanh(x[i])));
    }
}

TEST_CASE_METHOD(DeviceFixture, "activation: NaN stays NaN") {
    const std::vector<float> x{1.0f, std::numeric_limits<float>::quiet_NaN()};
    for (const ActivationKind kind : activation_kinds) {
        INFO(layer_name(Activation{kind}));
        CHECK(std::isnan(activated(device, kind, x)[1]));
    }
}

TEST_CASE_METHOD(DeviceFixture, "activation: the bias gradient through it into a norm") {
    std::uint64_t seed = 0;
    for (const ActivationKind kind : activation_kinds) {
        for (const Shape& x : {Shape{2, 3, 5, 7}, Shape{3, 5, 67, 130}, Shape{1, 1, 1, 1}}) {
            require_passed(check_bias_through_activation(device, {x, kind, Data::normal, ++seed}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "activation: more values than one call takes") {
    require_passed(check_activation(device, {.x = {33, 1, 719, 711}, .kind = ActivationKind::leaky_relu}));
    require_passed(check_bias_through_activation(device, {.x = {33, 1, 719, 711}}));
}

TEST_CASE_METHOD(DeviceFixture, "activation: the same input gives the same bits") {
    const ActivationCase one{.x = {3, 5, 7, 130}, .kind = ActivationKind::tanh};
    require_same_bits(check_activation(device, one), check_activation(device, one));
}
