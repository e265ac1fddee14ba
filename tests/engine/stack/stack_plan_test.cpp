#include "engine/stack/stack_plan.h"

#include <bit>
#include <iterator>
#include <memory>
#include <utility>

#include "base/error.h"
#include "check/device_data.h"
#include "check/network_check.h"
#include "check/network_data.h"
#include "check/tolerance.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/learning/optimizer.h"
#include "engine/stack/random_network.h"
#include "engine/tensors/example_tensor.h"
#include "model/network_text.h"
#include "model/presets.h"
#include "model/random.h"

using namespace shadenet;
using namespace shadenet::check;
using namespace shadenet::test;

namespace {

/// A plan with everything around it, on random data.
struct Bench {
    Bench(const Device& device, const Network& used, const Shape& used_shape, const Parameters& parameters,
          std::uint64_t most_bytes = any_bytes)
        : shape(used_shape),
          buffers(device, parameters, WeightLayout::blocks),
          optimizer(device, {}, buffers),
          plan(device, used, buffers, shape, Purpose::training,
               {.loss = &mean_squared_error, .most_bytes = most_bytes}),
          x(device, plan.input_shape(), ExampleValues::floats, "x"),
          target(device, plan.target_shape().value(), ExampleValues::floats, "target"),
          loss(device, sizeof(float), "loss"),
          recorder(device) {
        std::mt19937_64 random = random_stream(1, 0);
        set(random_values(x.shape().values(), Data::normal, random),
            random_values(target.shape().values(), Data::normal, random));
    }
    /// Takes the first images of another's data.
    void take_from(const Bench& other) {
        const auto first = [](const std::vector<float>& values, const Shape& wanted) {
            return std::vector<float>(values.begin(), std::next(values.begin(), wanted.values()));
        };
        set(first(other.x_values, x.shape()), first(other.target_values, target.shape()));
    }
    void set(std::vector<float> inputs, std::vector<float> targets) {
        x_values = std::move(inputs);
        target_values = std::move(targets);
        x.upload(x_values);
        target.upload(target_values);
    }

    /// Forward and backward with the first `images`.
    void pass(std::uint32_t images, Mode mode = Mode::training) {
        plan.begin_step(recorder, {});
        plan.step(recorder, x.view(images), {target.view(images)}, mode, {.losses = loss.whole()});
    }

    Parameters gradients(Parameters like) {
        plan.add_gradients(recorder, optimizer);
        recorder.finish();
        buffers.download_gradients(like);
        return like;
    }

    Shape shape;
    ParameterBuffers buffers;
    OptimizerKernels optimizer;
    StackPlan plan;
    ExampleTensor x, target;
    std::vector<float> x_values, target_values;
    Buffer loss;
    Recorder recorder;
};

void check_same(const Parameters& a, const Parameters& b) {
    for (const NamedTensor& tensor : a.tensors()) {
        const std::vector<float>& other = b.at(tensor.name).values;
        INFO(tensor.name);
        REQUIRE(tensor.values.size() == other.size());
        for (std::size_t i = 0; i < other.size(); ++i) {
            REQUIRE(std::bit_cast<std::uint32_t>(tensor.values[i]) == std::bit_cast<std::uint32_t>(other[i]));
        }
    }
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "stack plan: whole networks, deeper lists and skips against float64") {
    for (const NetworkCase& one : network_cases()) require_passed(check_network(device, one));
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: points that are kept have their values after a step") {
    Thinned taken;
    for (const NetworkCase& one : network_cases()) {
        if (one.on_labels || !taken.takes()) continue;
        const NetworkData drawn = draw_network_data(one);
        ParameterBuffers buffers(device, drawn.parameters, WeightLayout::blocks);
        std::set<std::size_t> kept = norm_points(one.network);
        kept.insert(one.network.layers.size());
        StackPlan plan(device, one.network, buffers, one.x, Purpose::training,
                       {.loss = &mean_squared_error, .kept = kept});
        plan.poison_free_memory();
        const ExampleTensor x(device, plan.input_shape(), ExampleValues::floats, "x");
        const ExampleTensor target(device, plan.target_shape().value(), ExampleValues::floats, "target");
        x.upload(drawn.x);
        target.upload(drawn.target);
        const Buffer loss(device, sizeof(float), "loss");
        Recorder recorder(device);
        plan.begin_step(recorder, {.seed = drawn.dropout.seed, .step = drawn.dropout.step});
        plan.step(recorder, x.view(), {target.view()}, one.frozen ? Mode::frozen : Mode::training,
                  {.losses = loss.whole()});
        for (const std::size_t point : kept) {
            INFO(one.name << ", point " << point);
            const TensorView found = plan.point(recorder, point);
            recorder.finish();
            const reference::Tensor& expected = drawn.truth.points.at(point);
            require_passed(
                {compare("point", found.download(), expected.values, expected.shape, tolerance::forward)});
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: the default network on other shapes") {
    std::uint64_t seed = 20;
    for (const Shape& x : {Shape{1, 3, 3, 1}, Shape{5, 3, 2, 7}, Shape{1, 3, 67, 131}}) {
        require_passed(check_network(device, {"default network", two_layer_network({}), x, ++seed}));
    }
    for (const std::uint32_t kernel : {1u, 5u, 7u}) {
        const Network network =
            two_layer_network({.hidden = 31, .kernel = kernel, .norm = NormPlacement::none});
        require_passed(check_network(device, {"kernel", network, {2, 3, 9, 11}, ++seed}));
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: ten training steps give the same bits twice") {
    const Network network = two_layer_network({.activation = "relu", .norm = NormPlacement::after});
    const Parameters start = random_parameters(network, Data::normal, 1);
    Parameters ends[2] = {start, start};
    for (Parameters& end : ends) {
        Bench bench(device, network, {3, 3, 17, 70}, start);
        for (std::uint64_t step = 1; step <= 10; ++step) {
            bench.pass(3);
            bench.optimizer.begin_step(bench.recorder, {step, 0.01f});
            bench.plan.update(bench.recorder, bench.optimizer);
        }
        bench.recorder.finish();
        bench.buffers.download(end);
    }
    check_same(ends[0], ends[1]);
    CHECK(ends[0].at("conv1.weight").values != start.at("conv1.weight").values);
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: activations that are made again have the same bits") {
    std::vector<NetworkCase> cases = network_cases();
    cases.push_back({"all kinds of layers",
                     parse_network("input 3, conv 8 3x3, norm, relu, dropout 0.7, conv 8 3x3 stride 2, relu, "
                                   "dropout 0.5, norm, tanh, conv 8 3x3, norm, add tanh1, dropout 0.6, "
                                   "average, norm, dense 6, norm, relu, dense 4",
                                   "here"),
                     {5, 3, 17, 23}});
    Thinned taken;
    for (std::uint64_t seed = 1; seed <= 12; ++seed) {
        if (!taken.takes()) continue;
        const RandomNetwork drawn(seed, Repertoire::everything);
        cases.push_back({"random", parse_network(drawn.text(), "random"), drawn.shape(), seed});
    }
    std::uint32_t remade = 0;
    for (const NetworkCase& one : cases) {
        CAPTURE(one.name, one.seed);
        const Parameters start = random_parameters(one.network, Data::normal, 1);
        const std::uint64_t plain = feature_map_bytes(one.network, one.x, Purpose::training);
        const std::uint64_t least = feature_map_bytes(one.network, one.x, Purpose::training, 0);
        if (least == plain) continue;
        Parameters ends[2] = {start, start};
        for (const bool is_short : {false, true}) {
            Bench bench(device, one.network, one.x, start, is_short ? plain - 1 : plain);
            REQUIRE(bench.plan.feature_maps().remade == is_short);
            CHECK(bench.plan.feature_maps().bytes == (is_short ? least : plain));
            if (is_short) bench.plan.poison_free_memory();
            for (std::uint64_t step = 1; step <= 4; ++step) {
                bench.pass(one.x.n, step == 3 ? Mode::frozen : Mode::training);
                bench.optimizer.begin_step(bench.recorder, {step, 1e-3f});
                bench.plan.update(bench.recorder, bench.optimizer);
            }
            bench.recorder.finish();
            bench.buffers.download(ends[is_short ? 1 : 0]);
        }
        check_same(ends[0], ends[1]);
        ++remade;
    }
    CHECK(remade > 4 / taken.every());
}

TEST_CASE_METHOD(DeviceFixture,
                 "stack plan: a smaller batch in a plan for a larger one equals a plan of its size") {
    const Network network = network_cases().at(4).network;
    const Parameters start = random_parameters(network, Data::normal, 1);
    Bench large(device, network, {5, 3, 9, 13}, start), small(device, network, {2, 3, 9, 13}, start);
    large.pass(5);
    large.recorder.finish();
    large.buffers.upload(start);  // the moving statistics as before
    large.pass(2);
    small.take_from(large);
    small.pass(2);
    check_same(large.gradients(start), small.gradients(start));
    CHECK(large.loss.download<float>(1) == small.loss.download<float>(1));
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: there is room for a batch of any smaller size") {
    // Rows of images are cut into splits of whole rows: 3 images of 48 rows make more of them than 4 do.
    const Network network = parse_network(
        "input 3, conv 8 3x3, norm, relu, conv 8 5x5 stride 2, relu, conv 6 1x1, average, dense 5", "here");
    const Parameters start = random_parameters(network, Data::normal, 1);
    Bench large(device, network, {9, 3, 48, 6}, start);
    for (std::uint32_t images = 1; images <= 9; ++images) {
        INFO(images);
        large.recorder.finish();
        large.buffers.upload(start);
        large.pass(images);
        Bench own(device, network, {images, 3, 48, 6}, start);
        own.take_from(large);
        own.pass(images);
        check_same(large.gradients(start), own.gradients(start));
    }
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: inference changes neither parameters nor statistics") {
    const Network network = two_layer_network({});
    const Parameters start = random_parameters(network, Data::normal, 1);
    Bench bench(device, network, {2, 3, 9, 13}, start);
    bench.plan.forward(bench.recorder, bench.x.view(), Mode::inference);
    bench.recorder.finish();
    Parameters end = start;
    bench.buffers.download(end);
    check_same(end, start);
}

TEST_CASE_METHOD(DeviceFixture,
                 "stack plan: a relu that is always on, or off, leaves its bias no gradient at all") {
    const Network network = two_layer_network({.activation = "relu", .norm = NormPlacement::after});
    Parameters start = random_parameters(network, Data::normal, 1);
    std::vector<float>& bias = start.at("conv1.bias").values;
    bias[0] = 50.0f;
    bias[1] = -50.0f;
    Bench bench(device, network, {2, 3, 17, 70}, start);
    bench.pass(2);
    const Parameters gradients = bench.gradients(start);
    CHECK(gradients.at("conv1.bias").values[0] == 0.0f);
    CHECK(gradients.at("conv1.bias").values[1] == 0.0f);
    CHECK(gradients.at("conv1.bias").values[2] != 0.0f);
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: where images lie side by side, a smaller batch can be bound") {
    const std::unique_ptr<Device> limited = device_that_binds(140'000);
    const Network network = parse_network("input 3x2x2, dense 400", "here");
    ParameterBuffers buffers(*limited, initial_parameters(network, 1), WeightLayout::blocks);
    const auto plan = [&](std::uint32_t images) {
        StackPlan(*limited, network, buffers, {images, 3, 2, 2}, Purpose::training,
                  {.loss = &mean_squared_error});
    };
    CHECK_NOTHROW(plan(80));
    CHECK_THROWS_WITH(plan(100), ContainsSubstring("fc1's 400 channels of 1x1 pixels take 0.2 MiB") &&
                                     ContainsSubstring("use a smaller --batch, or a network with fewer"));
}

TEST_CASE_METHOD(DeviceFixture, "stack plan: layers that do not fit are refused") {
    const Parameters parameters = initial_parameters(two_layer_network({}), 1);
    ParameterBuffers buffers(device, parameters, WeightLayout::blocks);
    CHECK_THROWS_AS(StackPlan(device, two_layer_network({}), buffers, {1, 4, 5, 7}, Purpose::training),
                    InputError);
    const Network looks_ahead{any_size(3), {Conv{"conv1", 3, 16, 3}, Skip{5}}};
    CHECK_THROWS_AS(StackPlan(device, looks_ahead, buffers, {1, 3, 5, 7}, Purpose::training), InputError);
}
