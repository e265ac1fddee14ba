#include "check/value_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

constexpr ActivationKind biased_activations[] = {ActivationKind::relu, ActivationKind::leaky_relu,
                                                 ActivationKind::tanh, ActivationKind::sigmoid,
                                                 ActivationKind::elu};
const Shape biased_shapes[] = {{1, 1, 1, 1},  {5, 2, 1, 1},   {100, 10, 1, 1}, {2, 3, 5, 7},
                               {5, 16, 8, 8}, {2, 33, 65, 3}, {1, 5, 70, 66},  {1, 1, 1031, 521}};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "stack bias: the sum of its result's gradient") {
    std::uint64_t seed = 0;
    for (const Shape& y : biased_shapes) {
        for (const ActivationKind kind : biased_activations) {
            require_passed(check_stack_bias(device, {.y = y, .activation = kind, .seed = ++seed}));
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack bias: through an activation into a norm") {
    std::uint64_t seed = 0;
    for (const Shape& y : biased_shapes) {
        for (const ActivationKind kind : biased_activations) {
            require_passed(check_bias_into_norm(device, {.y = y, .activation = kind, .seed = ++seed}));
        }
    }
    require_passed(check_bias_into_norm(device, {.y = {3, 6, 31, 29}, .data = Data::ugly}));
}
