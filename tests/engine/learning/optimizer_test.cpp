#include "engine/learning/optimizer.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "check/kernel_cases.h"
#include "device_fixture.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

const OptimizerKind optimizer_kinds[] = {OptimizerKind::adam, OptimizerKind::amsgrad, OptimizerKind::momentum,
                                         OptimizerKind::sgd};

/// One for each value that is no gap.
std::vector<float> random_gradients(const ParameterBuffers& buffers) {
    std::vector<float> file(buffers.file_count());
    for (std::size_t i = 0; i < file.size(); ++i) file[i] = static_cast<float>(i) + 0.5f;
    return buffers.from_file_order(file);
}

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
    const Network network{any_size(3), {Conv{"conv", 3, 5, 3}, BatchNorm{"norm", 5}}};
    const ParameterBuffers dense(device, initial_parameters(network, 1));
    const ParameterBuffers blocks(device, initial_parameters(network, 1), WeightLayout::blocks);
    for (const auto& [kind, moments] :
         {std::pair{OptimizerKind::adam, 2u}, std::pair{OptimizerKind::amsgrad, 3u},
          std::pair{OptimizerKind::momentum, 1u}, std::pair{OptimizerKind::sgd, 0u}}) {
        const OptimizerKernels from(device, {.kind = kind}, dense), to(device, {.kind = kind}, blocks);
        std::vector<float> state(from.state_values(), 0.0f);
        CHECK(state.size() == moments * dense.file_count());
        CHECK(from.download_state() == state);
        const std::vector<float> gradients = random_gradients(dense);
        dense.all_gradients().buffer->upload(std::span<const float>(gradients));
        Recorder recorder(device);
        from.begin_step(recorder, {1, 0.01f});
        from.step(recorder);
        recorder.finish();
        state = from.download_state();
        CHECK((moments == 0 || std::ranges::count(state, 0.0f) < std::ssize(state)));
        to.upload_state(state);  // the order of files does not depend on how weights lie
        CHECK(to.download_state() == state);
        state.push_back(0.0f);
        CHECK_THROWS_AS(to.upload_state(state), std::invalid_argument);
    }
}

TEST_CASE_METHOD(DeviceFixture, "optimizer: weights in blocks, and weights that decay") {
    for (const OptimizerKind kind : optimizer_kinds) {
        for (const std::uint32_t channels : {1u, 5u, 16u}) {
            OptimizerCase one{{.kind = kind}, channels, 5, channels, WeightLayout::blocks};
            require_passed(check_optimizer(device, one));
            one.options.weight_decay = 0.1f;
            require_passed(check_optimizer(device, one));
            one.layout = WeightLayout::dense;
            require_passed(check_optimizer(device, one));
        }
    }
}
