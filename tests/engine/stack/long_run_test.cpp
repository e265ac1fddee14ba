// A run of many steps takes no more memory than one of few.
#include <cmath>

#include "base/memory.h"
#include "check/device_data.h"
#include "check/given_examples.h"
#include "data/batches.h"
#include "device_fixture.h"
#include "effort.h"
#include "engine/learning/optimizer.h"
#include "engine/plan_choice.h"
#include "model/network_text.h"
#include "model/random.h"

using namespace shadenet;
using namespace shadenet::check;

// AddressSanitizer keeps memory that was given back.
#ifndef __SANITIZE_ADDRESS__

namespace {

/// SHADENET_STEPS=20000 runs longer.
constexpr std::uint32_t steps_in_ci = 1500;
/// After these all that is made once has been made.
constexpr std::uint32_t first_steps = 500;
/// Pages that the C library's allocator and the driver take and keep now and then. A descriptor set a step
/// that nobody frees would take several times as much.
constexpr std::uint64_t allowed_bytes = 1 << 20;

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "stack plan: many steps take no more memory than few") {
    const Network network = parse_network(
        "input 1x28x28, dense 100, norm, sigmoid, dense 100, norm, sigmoid, dropout 0.5, dense 10", "here");
    const std::uint32_t batch = 10, examples = 50;
    std::mt19937_64 random = random_stream(1, 0);
    const Shape x{examples, 1, 28, 28}, y{examples, 1, 1, 1};
    std::vector<float> classes;
    for (std::uint32_t i = 0; i < examples; ++i) classes.push_back(static_cast<float>(random() % 10));
    const GivenExamples data(x, random_values(x.values(), Data::normal, random), y, classes);

    ParameterBuffers parameters(device, initial_parameters(network, 1), WeightLayout::blocks);
    const OptimizerKernels optimizer(device, {}, parameters);
    const std::unique_ptr<TrainingPlan> plan =
        make_training_plan(PlanKind::stack, device, network, parameters, data, batch,
                           default_tiles(device.info().kind, 3), cross_entropy);
    const std::unique_ptr<BatchSource> source = plan->make_source(data);
    const Buffer loss(device, sizeof(float), "loss");
    Recorder::Recording recording;
    Recorder recorder(device);
    const std::uint32_t steps = first_steps + effort("SHADENET_STEPS", steps_in_ci);
    const std::vector<std::uint32_t> sizes{examples};
    std::uint64_t before = 0;
    for (std::uint32_t step = 0; step < steps; ++step) {
        const std::uint32_t of_epoch = step % (examples / batch);
        if (of_epoch == 0) source->set_batches(pass_batches(sizes, {batch}, 1, step).examples);
        plan->begin_step(recorder, step);
        optimizer.begin_step(recorder, {step + 1, 1e-4f});
        source->choose(recorder, of_epoch);
        recorder.repeat(recording, [&] {
            plan->step(recorder, source->gather(recorder), {.losses = loss.whole()});
            plan->update(recorder, optimizer);
        });
        if (step + 1 == first_steps) {
            recorder.finish();
            before = peak_memory();
        }
    }
    recorder.finish();
    CHECK(std::isfinite(loss.download<float>(1)[0]));
    CHECK(peak_memory() - before <= allowed_bytes);
}

#endif
