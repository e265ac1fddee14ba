#include "engine/stack/tensor_batches.h"

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "check/device_data.h"
#include "check/given_examples.h"
#include "check/packed_data.h"
#include "device_fixture.h"
#include "engine/plan_choice.h"
#include "engine/stack/evaluator.h"
#include "engine/stack/packing.h"
#include "model/network_text.h"
#include "model/random.h"
#include "same_bits.h"

using namespace shadenet;
using namespace shadenet::check;

namespace {

constexpr std::uint32_t examples_in_all = 11, classes_of_labels = 6;

/// Examples of whole 255ths, which say so or not.
class Levels : public GivenExamples {
  public:
    Levels(const Shape& input, const Shape& target, bool labels, bool told)
        : GivenExamples(examples_in_all, input, levels_of(input, 1), target,
                        labels ? labels_of() : levels_of(target, 2)),
          told_(told) {}
    bool whole_levels() const override { return told_; }

  private:
    static std::vector<float> levels_of(const Shape& shape, std::uint64_t stream) {
        std::mt19937_64 random = random_stream(5, stream);
        return random_values(examples_in_all * shape.values(), Data::levels, random);
    }
    static std::vector<float> labels_of() {
        std::vector<float> labels(examples_in_all);
        for (std::uint32_t i = 0; i < examples_in_all; ++i)
            labels[i] = static_cast<float>(i * 5 % classes_of_labels);
        return labels;
    }
    bool told_;
};

struct Case {
    const char* network;
    Shape input, target;
    bool labels = false;
};
const Case cases[] = {
    {"input 3, conv 6 3x3, norm, relu, conv 2 3x3", {1, 3, 9, 7}, {1, 2, 9, 7}},
    {"input 2x5x7, dense 13, norm, relu, dense 9", {1, 2, 5, 7}, {1, 9, 1, 1}},
    {"input 1x6x5, conv 5 3x3, relu, dense 7, norm, tanh, dense 6", {1, 1, 6, 5}, {1, 1, 1, 1}, true},
    {"input 1x6x5, dense 30, norm, relu, dense 6", {1, 1, 6, 5}, {1, 1, 1, 1}, true},
};

const LossKind& loss_of(const Case& one) {
    return one.labels ? cross_entropy : mean_squared_error;
}

/// What the kernels of a plan read of a batch of n examples.
std::vector<float> packed(const Device& device, const ExampleView& view) {
    const GuardedPacked to(device, view.shape, "batch");
    const Packing packing(device);
    Recorder recorder(device);
    packing.pack(recorder, view, to.view());
    recorder.finish();
    CHECK(to.damage() == "");
    return to.download();
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "tensor batches: a batch has the values and labels of its examples") {
    const Batches batches{{4, 0, 10, 4, 4}, {7, 2}, {9}};
    for (const Case& one : cases) {
        for (const bool told : {false, true}) {
            INFO(one.network << ", as levels: " << told);
            const Network network = parse_network(one.network, "here");
            ParameterBuffers buffers(device, initial_parameters(network, 1), WeightLayout::blocks);
            const StackPlan plan(device, network, buffers, with_images(one.input, 5), Purpose::training,
                                 {.loss = &loss_of(one)});
            const Levels examples(one.input, one.target, one.labels, told);
            TensorBatches source(device, examples, plan);
            source.set_batches(batches);
            Recorder recorder(device);
            for (std::uint32_t step = 0; step < batches.size(); ++step) {
                const Batch batch = source.batch(recorder, step);
                recorder.finish();
                const auto images = static_cast<std::uint32_t>(batches[step].size());
                std::vector<float> inputs, targets;
                for (const std::uint32_t example : batches[step]) {
                    for (const float value : examples.input(example)) inputs.push_back(value);
                    for (const float value : examples.target(example)) targets.push_back(value);
                }
                CHECK(batch.input.shape.n == images);
                CHECK(packed(device, batch.input) == inputs);
                CHECK(batch.input.all->kept() == (told ? ExampleValues::levels : ExampleValues::floats));
                if (one.labels) {
                    const BufferRange labels = batch.labels;
                    CHECK(std::ranges::equal(labels.buffer->download<std::uint32_t>(images, labels.offset),
                                             targets));
                } else {
                    CHECK(packed(device, batch.target) == targets);
                }
            }
        }
    }
}

TEST_CASE_METHOD(DeviceFixture, "tensor batches: training on levels has the bits of training on floats") {
    for (const Case& one : cases) {
        INFO(one.network);
        const Network network = parse_network(one.network, "here");
        const Parameters start = initial_parameters(network, 1);
        Parameters ends[2] = {start, start};
        std::vector<float> losses[2];
        for (const bool told : {false, true}) {
            const Levels examples(one.input, one.target, one.labels, told);
            ParameterBuffers buffers(device, start, WeightLayout::blocks);
            const OptimizerKernels optimizer(device, {}, buffers);
            const auto plan = make_training_plan(PlanKind::stack, device, network, buffers, examples, 4,
                                                 default_tiles(device.info().kind, 3), loss_of(one));
            const auto source = plan->make_source(examples);
            const Buffer loss(device, sizeof(float), "loss");
            Recorder recorder(device);
            source->set_batches(batches_in_order(examples_in_all, 4));
            for (std::uint32_t step = 0; step < 3; ++step) {
                plan->begin_step(recorder, step);
                optimizer.begin_step(recorder, {step + 1, 0.01f});
                plan->step(recorder, source->batch(recorder, step), {.losses = loss.whole()});
                plan->update(recorder, optimizer);
            }
            recorder.finish();
            buffers.download(ends[told]);
            losses[told] = Evaluator(device, network, buffers, examples, loss_of(one), 4).losses(recorder);
        }
        CHECK(test::same_bits(ends[0], ends[1]));
        CHECK_FALSE(test::same_bits(ends[0], start));
        CHECK(losses[0] == losses[1]);
        CHECK(losses[0].size() == examples_in_all);
    }
}

TEST_CASE_METHOD(DeviceFixture, "tensor batches: examples that the plan does not compare are refused") {
    const Network maps = parse_network("input 2, conv 2 1x1", "here");
    const Network classes = parse_network("input 2x4x4, dense 3", "here");
    const Shape whole{1, 2, 4, 4}, half{1, 2, 2, 4}, label{1, 1, 1, 1};
    const auto upload = [&](const Network& network, const LossKind* loss, const Shape& input,
                            const Shape& target) {
        ParameterBuffers buffers(device, initial_parameters(network, 1), WeightLayout::blocks);
        const StackPlan plan(device, network, buffers, whole, Purpose::training, {.loss = loss});
        // Four halves would fill two examples.
        const GivenExamples examples(4, input, std::vector<float>(input.values()), target,
                                     std::vector<float>(target.values()));
        const TensorBatches batches(device, examples, plan);
    };
    CHECK_NOTHROW(upload(maps, &mean_squared_error, whole, whole));
    CHECK_NOTHROW(upload(classes, &cross_entropy, whole, label));
    CHECK_THROWS_AS(upload(maps, nullptr, whole, whole), std::invalid_argument);
    CHECK_THROWS_AS(upload(maps, &mean_squared_error, half, whole), std::invalid_argument);
    CHECK_THROWS_AS(upload(maps, &mean_squared_error, whole, half), std::invalid_argument);
    CHECK_THROWS_AS(upload(classes, &cross_entropy, whole, half), std::invalid_argument);
}

TEST_CASE_METHOD(DeviceFixture,
                 "tensor batches: a level is a byte, and examples begin where they can be read") {
    CHECK(ExampleTensor::bytes({60'000, 1, 28, 28}, ExampleValues::levels) == 47'040'000);
    CHECK(ExampleTensor::bytes({60'000, 784, 1, 1}, ExampleValues::levels) == 47'040'000);
    CHECK(ExampleTensor::bytes({60'000, 784, 1, 1}, ExampleValues::floats) == 4 * 47'040'000);
    // Planes are whole quads, and large examples begin where bindings can.
    CHECK(ExampleTensor::bytes({2, 3, 5, 5}, ExampleValues::levels) == 2 * 3 * 32);
    CHECK(ExampleTensor::bytes({2, 3, 5, 5}, ExampleValues::floats) == 2 * 3 * 112);
    CHECK(ExampleTensor::bytes({2, 1, 65, 65}, ExampleValues::levels) == 2 * 4352);
    const std::uint64_t before = device.buffer_bytes();
    const ExampleTensor tensor(device, {7, 3, 5, 5}, ExampleValues::levels, "examples");
    CHECK(device.buffer_bytes() - before == 7 * 3 * 32);
    for (const bool of_target : {false, true}) {
        const Network network = parse_network(cases[0].network, "here");
        ParameterBuffers buffers(device, initial_parameters(network, 1), WeightLayout::blocks);
        const StackPlan plan(device, network, buffers, cases[0].input, Purpose::training,
                             {.loss = &mean_squared_error});
        const Levels others(of_target ? cases[0].input : cases[1].input,
                            of_target ? cases[1].target : cases[0].target, false, true);
        CHECK_THROWS_AS(TensorBatches(device, others, plan), std::invalid_argument);
    }
}
