#include "bench/benchmark.h"

#include <chrono>
#include <random>
#include <vector>

#include "engine/layerwise.h"
#include "engine/optimizer.h"
#include "model/parameters.h"
#include "model/random.h"

namespace shadenet {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint64_t seed = 1;
constexpr std::uint32_t warm_up = 2;

double milliseconds_since(Clock::time_point begin) {
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

/// Pictures of noise: no kernel's time depends on what it is given.
Tensor noise(const Device& device, const Shape& shape, std::uint64_t stream) {
    std::mt19937_64 random = random_stream(seed, stream);
    std::vector<float> values(shape.values());
    for (float& value : values) value = static_cast<float>(uniform(random));
    Tensor tensor(device, shape, "noise");
    tensor.upload(values);
    return tensor;
}

template <class Work>
Summary time_runs(std::uint32_t runs, const Work& work) {
    std::vector<double> milliseconds;
    for (std::uint32_t i = 0; i < runs; ++i) {
        const auto begin = Clock::now();
        work();
        milliseconds.push_back(milliseconds_since(begin));
    }
    return summarize(std::move(milliseconds));
}

void time_training(const Device& device, const BenchOptions& options, BenchResult& result) {
    const Architecture architecture = two_layer_network({});
    const Shape shape{options.batch, architecture.in_channels, options.size, options.size};
    ParameterBuffers parameters(device, initial_parameters(architecture, seed));
    LayerwisePlan plan(device, architecture, parameters, shape, Purpose::training);
    OptimizerKernels optimizer(device, {}, parameters.count());
    const Tensor input = noise(device, shape, 1), target = noise(device, shape, 2);
    const Buffer loss(device, sizeof(float), "loss");
    Recorder recorder(device);
    std::uint64_t steps = 0;
    const auto step = [&] {
        plan.forward(recorder, input.view(), Mode::training);
        plan.loss(recorder, target.view(), loss.whole());
        plan.backward(recorder, target.view());
        optimizer.step(recorder, parameters, ++steps, OptimizerOptions{}.learning_rate);
        recorder.finish();
    };
    for (std::uint32_t i = 0; i < warm_up; ++i) step();
    recorder.profiler().clear_totals();
    result.train_step = time_runs(options.runs, step);
    result.train_kernels = recorder.profiler().times();
    result.work.training_step = count_work(architecture, shape).training_step;
    result.plan = LayerwisePlan::name();
}

void time_inference(const Device& device, const BenchOptions& options, BenchResult& result) {
    const Architecture architecture = two_layer_network({});
    const Shape shape{1, architecture.in_channels, options.size, options.size};
    ParameterBuffers parameters(device, initial_parameters(architecture, seed));
    LayerwisePlan plan(device, architecture, parameters, shape, Purpose::inference);
    const Tensor input = noise(device, shape, 1);
    Recorder recorder(device);
    const auto infer = [&] {
        plan.forward(recorder, input.view(), Mode::inference);
        recorder.finish();
    };
    for (std::uint32_t i = 0; i < warm_up; ++i) infer();
    result.inference = time_runs(options.runs, infer);
    result.work.inference = count_work(architecture, shape).inference;
}

}  // namespace

BenchResult run_benchmark(const Device& device, const BenchOptions& options) {
    BenchResult result;
    time_training(device, options, result);
    time_inference(device, options, result);
    result.peaks = measure_peaks(device);
    return result;
}

}  // namespace shadenet
