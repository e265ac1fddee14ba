// Training steps on crops: both plans against float64, and crops of the device against those of the host.
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "check/tolerance.h"
#include "device_fixture.h"
#include "engine/crop_test_tools.h"
#include "engine/plan_choice.h"
#include "engine/stack/crop_batches.h"
#include "engine/two_layer/fused.h"
#include "engine/two_layer/fused_crops.h"
#include "model/presets.h"
#include "reference/network.h"
#include "reference/picture_padding.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

/// In float64, from the crops' own surroundings: without padding, the convolutions of a continued network
/// make of an input with its margin what the network makes of the input. What it adds of the input is taken
/// from the target instead.
reference::Evaluation crop_truth(Network network, const Parameters& parameters, const PictureCrops& crops,
                                 const std::vector<Crop>& batch, reference::Norms norms) {
    const auto count = static_cast<std::uint32_t>(batch.size());
    const std::uint32_t margin = picture_margin(network);
    std::vector<float> inputs, targets;
    for (const Crop& crop : batch) {
        const std::vector<float> input = crop_with_margin(crops, crop, false, margin, network.padding);
        const std::vector<float> target = crop_with_margin(crops, crop, true, 0, PicturePadding::zero);
        inputs.insert(inputs.end(), input.begin(), input.end());
        targets.insert(targets.end(), target.begin(), target.end());
    }
    const Shape shape = with_images(crops.input_shape(), count);
    const reference::Tensor x = reference::tensor_from_floats(with_margin(network, shape), inputs);
    reference::Tensor target = reference::tensor_from_floats(shape, targets);
    if (margin == 0) return reference::NetworkRun(network, parameters).evaluate(x, target, norms);
    std::erase_if(network.layers, [](const Layer& layer) { return std::holds_alternative<Skip>(layer); });
    for (Layer& layer : network.layers) {
        if (auto* conv = std::get_if<Conv>(&layer)) conv->padding = Padding::valid;
    }
    network.padding = PicturePadding::zero;
    const reference::Tensor added = reference::inner(x, shape);
    for (std::size_t i = 0; i < target.values.size(); ++i) target.values[i] -= added.values[i];
    return reference::NetworkRun(network, parameters).evaluate(x, target, norms);
}

struct CropCase {
    PlanKind plan;
    PicturePadding padding;
    std::uint32_t kernel;
    std::string activation;
    bool levels, frozen;
};

void check_crop_step(const Device& device, const CropCase& one) {
    INFO(to_string(one.plan) << ", " << to_string(one.padding) << ", kernel " << one.kernel << ", "
                             << one.activation << ", levels " << one.levels << ", frozen " << one.frozen);
    Network network = two_layer_network({.hidden = 5, .kernel = one.kernel, .activation = one.activation});
    network.padding = one.padding;
    const Parameters start = random_parameters(network, check::Data::normal, 1);
    const PictureCrops crops(random_set(4, one.levels, {{23, 16}, {11, 29}, {17, 11}}), 11, 3, true, 1);
    ParameterBuffers buffers(device, start, weight_layout(network, one.plan));
    const OptimizerKernels optimizer(device, {}, buffers);
    const Buffer loss(device, sizeof(float), "loss");
    Recorder recorder(device);
    const auto plan = make_training_plan(one.plan, device, network, buffers, crops, 4,
                                         default_tiles(device.info().kind, one.kernel));
    const auto source = plan->make_source(crops);
    const Batches batches = {{0, 4, 8, 1}, {7, 2, 3}};
    plan->freeze_norms(one.frozen);
    for (std::uint32_t step = 0; step < batches.size(); ++step) {
        const std::uint32_t epoch = 2;
        source->set_batches(batches, epoch);
        buffers.upload(start);
        recorder.fill(buffers.all_gradients(), 0x7fc00000);
        plan->begin_step(recorder, step);
        plan->step(recorder, source->batch(recorder, step), {.losses = loss.whole()});
        plan->add_gradients(recorder, optimizer);
        recorder.finish();
        std::vector<Crop> batch;
        for (const std::uint32_t example : batches[step]) batch.push_back(crops.crop(epoch, example));
        const reference::Evaluation truth = crop_truth(
            network, start, crops, batch, one.frozen ? reference::Norms::frozen : reference::Norms::batch);
        CHECK(std::abs(loss.download<float>(1).front() / truth.loss - 1) <= 1e-5);
        Parameters gradients = start;
        buffers.download_gradients(gradients);
        for (const auto& [name, expected] : truth.gradients) {
            INFO(name);
            const auto& found = gradients.at(name).values;
            REQUIRE(found.size() == expected.size());
            double largest = 1e-3, worst = 0;
            for (std::size_t i = 0; i < found.size(); ++i) {
                largest = std::max(largest, std::abs(expected[i]));
                const double difference = std::abs(static_cast<double>(found[i]) - expected[i]);
                if (!(difference <= worst)) worst = difference;
            }
            CHECK(worst <= 1e-4 * largest);
        }
    }
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "crop training: steps on crops have the gradients of float64") {
    const auto plan = GENERATE(PlanKind::fused, PlanKind::stack);
    const auto padding = GENERATE(PicturePadding::edge, PicturePadding::reflect, PicturePadding::zero);
    check_crop_step(device, {plan, padding, 3, "tanh", true, false});
    check_crop_step(device, {plan, padding, 3, "none", true, true});
}

TEST_CASE_METHOD(DeviceFixture, "crop training: other kernels, and pictures that the host cuts") {
    const auto plan = GENERATE(PlanKind::fused, PlanKind::stack);
    check_crop_step(device, {plan, PicturePadding::edge, 5, "none", true, false});
    check_crop_step(device, {plan, PicturePadding::edge, 5, "tanh", false, false});
    check_crop_step(device, {plan, PicturePadding::reflect, 3, "none", false, false});
    check_crop_step(device, {plan, PicturePadding::zero, 3, "tanh", false, true});
}

TEST_CASE_METHOD(DeviceFixture, "crop training: crops of the device and of the host have the same bits") {
    const auto padding = GENERATE(PicturePadding::edge, PicturePadding::reflect, PicturePadding::zero);
    const bool fused = GENERATE(true, false);
    INFO(to_string(padding) << ", fused " << fused);
    Network network = two_layer_network({.hidden = 5, .activation = "relu"});
    network.padding = padding;
    const Parameters start = random_parameters(network, check::Data::normal, 1);
    const PictureCrops crops(random_set(5, true, {{23, 16}, {11, 29}, {17, 11}}), 11, 3, true, 1);
    ParameterBuffers buffers(device, start, fused ? WeightLayout::dense : WeightLayout::blocks);
    const FusedLayout layout = fused_layout(crops, 3, padding);
    StackPlan stack(device, network, buffers, with_images(crops.input_shape(), 4), Purpose::inference,
                    {.loss = &mean_squared_error});
    const auto words = [&](const PictureRoom& room) {
        std::unique_ptr<BatchSource> source;
        if (fused) {
            source = std::make_unique<FusedCrops>(device, layout, crops, 4, room);
        } else {
            source = std::make_unique<CropBatches>(device, crops, stack, room);
        }
        std::vector<std::uint32_t> all;
        Recorder recorder(device);
        for (std::uint32_t epoch = 0; epoch < 6; ++epoch) {
            source->set_batches(batches_in_order(9, 4), epoch);
            for (std::uint32_t step = 0; step < 3; ++step) {
                const Batch batch = source->batch(recorder, step);
                recorder.finish();
                const auto add = [&](const BufferRange& range, std::size_t words_of_it) {
                    const auto part = range.buffer->download<std::uint32_t>(words_of_it, range.offset);
                    all.insert(all.end(), part.begin(), part.end());
                };
                if (fused) {
                    for (std::uint32_t i = 0; i < batch.pairs.shape.n; ++i)
                        add(batch.pairs.images(i, 1).range(), std::size_t{2} * layout.plane());
                    add(batch.statistics, batch.statistics.size / sizeof(float));
                } else {
                    const std::uint32_t n = batch.input.shape.n;
                    stack.forward(recorder, batch.input, Mode::inference);
                    const Buffer loss(device, n * sizeof(float), "losses");
                    stack.losses_of_each(recorder, batch.input, {batch.target, {}}, {.losses = loss.whole()});
                    recorder.finish();
                    add(loss.whole(), n);
                }
            }
        }
        return all;
    };
    const std::vector<std::uint32_t> on_device = words(PictureRoom(device.info()));
    CHECK(on_device == words({0, 0}));
    CHECK(on_device == words({1 << 20, 2048}));
}
