#include "engine/learning/optimizer.h"

#include <algorithm>
#include <stdexcept>

#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

const OptimizerKind optimizer_kinds[] = {OptimizerKind::adam, OptimizerKind::amsgrad, OptimizerKind::momentum,
                                         OptimizerKind::sgd};

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "optimizer: several steps of every kind") {
    for (const OptimizerKind kind : optimizer_kinds) {
        for (const std::uint32_t channels : {1u, 5u, 67u}) {
            for (const std::uint32_t steps : {1u, 2u, 9u}) {
                require_passed(check_optimizer(device, {{.kind = kind}, channels, steps, channels + steps}));
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "optimizer: many steps, and other constants") {
    OptimizerOptions options{
        .learning_rate = 0.003f, .beta1 = 0.8f, .beta2 = 0.95f, .epsilon = 1e-3f, .momentum = 0.5f};
    for (const OptimizerKind kind : optimizer_kinds) {
        options.kind = kind;
        require_passed(check_optimizer(device, {options, 3, 40, 1}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "optimizer: the same input gives the same bits") {
    const OptimizerCase one{.options = {.kind = OptimizerKind::amsgrad}};
    require_same_bits(check_optimizer(device, one), check_optimizer(device, one));
}

TEST_CASE_METHOD(DeviceFixture, "optimizer: its state survives a trip to the host") {
    constexpr std::uint32_t count = 130;
    for (const auto& [kind, moments] :
         {std::pair{OptimizerKind::adam, 2u}, std::pair{OptimizerKind::amsgrad, 3u},
          std::pair{OptimizerKind::momentum, 1u}, std::pair{OptimizerKind::sgd, 0u}}) {
        const OptimizerKernels kernels(device, {.kind = kind}, count);
        std::vector<float> state(moments * count);
        CHECK(kernels.download_state() == state);  // all zero
        for (std::size_t i = 0; i < state.size(); ++i) state[i] = static_cast<float>(i) + 0.5f;
        kernels.upload_state(state);
        CHECK(kernels.download_state() == state);
        state.push_back(0.0f);
        CHECK_THROWS_AS(kernels.upload_state(state), std::invalid_argument);
    }
}
