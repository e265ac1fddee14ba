#include "engine/stack/evaluator.h"

#include <cmath>

#include "check/device_data.h"
#include "check/given_examples.h"
#include "device_fixture.h"
#include "model/random.h"
#include "reference/network.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

std::vector<float> losses_in_batches(const Device& device, const Network& network,
                                     const Parameters& parameters, const Examples& examples,
                                     std::uint32_t batch) {
    ParameterBuffers buffers(device, parameters);
    Evaluator evaluator(device, network, buffers, examples, mean_squared_error, batch);
    Recorder recorder(device);
    return evaluator.losses(recorder);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "evaluator: the loss of each example has the same bits in any batch") {
    for (const char* activation : {"none", "tanh"}) {
        const Network network = two_layer_network({.hidden = 5, .activation = activation});
        const Parameters parameters = random_parameters(network, Data::normal, 3);
        const Shape all{5, 3, 70, 13}, one{1, 3, 70, 13};
        std::mt19937_64 random = random_stream(4, 0);
        const GivenExamples examples(all, random_values(all.values(), Data::normal, random), all,
                                     random_values(all.values(), Data::normal, random));
        const std::vector<float> alone = losses_in_batches(device, network, parameters, examples, 1);
        REQUIRE(alone.size() == 5);
        for (const std::uint32_t batch : {2u, 3u, 5u, 0u}) {
            INFO(batch);
            CHECK(losses_in_batches(device, network, parameters, examples, batch) == alone);
        }
        std::vector<double> expected;
        for (std::uint32_t i = 0; i < 5; ++i) {
            const reference::Tensor result =
                reference::NetworkRun(network, parameters)
                    .infer(reference::tensor_from_floats(one, examples.input(i)));
            const std::vector<float> target = examples.target(i);
            double sum = 0;
            for (std::size_t v = 0; v < target.size(); ++v) sum += std::pow(result.values[v] - target[v], 2);
            expected.push_back(sum / static_cast<double>(target.size()));
        }
        require_passed({compare("losses", alone, expected, {1, 1, 1, 5}, tolerance::loss)});
    }
}

TEST_CASE_METHOD(DeviceFixture, "evaluator: one pass gives the losses and the results, of any batch") {
    const Network network = two_layer_network({.hidden = 5});
    const Parameters parameters = random_parameters(network, Data::normal, 3);
    const Shape all{5, 3, 7, 13};
    std::mt19937_64 random = random_stream(4, 0);
    const GivenExamples examples(all, random_values(all.values(), Data::normal, random), all,
                                 random_values(all.values(), Data::normal, random));
    std::vector<float> inputs;
    for (std::uint32_t i = 0; i < 5; ++i) {
        const std::vector<float> one = examples.input(i);
        inputs.insert(inputs.end(), one.begin(), one.end());
    }
    const reference::Tensor expected =
        reference::NetworkRun(network, parameters).infer(reference::tensor_from_floats(all, inputs));
    const std::vector<float> losses = losses_in_batches(device, network, parameters, examples, 5);
    for (const std::uint32_t batch : {1u, 2u, 5u}) {
        INFO(batch);
        ParameterBuffers buffers(device, parameters);
        Evaluator evaluator(device, network, buffers, examples, mean_squared_error, batch);
        Recorder recorder(device);
        std::vector<float> results = {7};
        CHECK(evaluator.scores(recorder, &results).losses == losses);
        REQUIRE(results.size() == all.values());
        require_passed({compare("results", results, expected.values, all, tolerance::forward)});
    }
}

TEST_CASE("evaluator: a batch keeps every layer's output below a bound, and has one example at least") {
    const Network network = two_layer_network({.hidden = 16});
    CHECK(Evaluator::fitting_batch(network, {1, 3, 16, 16}, 9) == 9);
    CHECK(Evaluator::fitting_batch(network, {1, 3, 256, 256}, 9) == 2);
    CHECK(Evaluator::fitting_batch(network, {1, 3, 600, 600}, 9) == 1);
}
