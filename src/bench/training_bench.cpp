#include "bench/training_bench.h"

#include <cmath>

#include "model/parameters.h"
#include "model/presets.h"
#include "model/random.h"

namespace shadenet {

std::vector<float> Noise::picture(std::uint32_t stream) const {
    std::mt19937_64 random = random_stream(bench_seed, stream);
    std::vector<float> values(input_shape().values());
    for (float& value : values) value = static_cast<float>(std::floor(uniform(random) * 256.0)) / 255.0f;
    return values;
}

TrainingBench::TrainingBench(const Device& device, const BenchedStep& benched, const Examples& examples,
                             const FusedTiles& tiles)
    : benched_(benched),
      network_(benched.network),
      choice_(choose_plan(network_, benched.plan)),
      shape_(with_images(examples.input_shape(), examples.size())),
      tiles_(tiles),
      parameters_(device, initial_parameters(network_, bench_seed)),
      statistics_(device, parameters_, benched.domains),
      plan_(
          make_training_plan(choice_.kind, device, network_, parameters_, examples, examples.size(), tiles)),
      source_(plan_->make_source(examples)),
      optimizer_(device, {.kind = benched.optimizer}, parameters_.count()),
      loss_(device, sizeof(float), "loss"),
      recorder_(device) {
    source_->set_batches(recorder_, batches_in_order(examples.size(), examples.size()));
    plan_->freeze_norms(benched.frozen);
    warm_up([this] { step(); });
    recorder_.profiler().clear_totals();
}

void TrainingBench::step() {
    if (benched_.debias) {
        std::vector<float> debiased = decays(network_);
        debiased_.replace(debiased);
        plan_->set_decays(debiased);
    }
    statistics_.select(recorder_, static_cast<std::uint32_t>(steps_ % benched_.domains));
    plan_->step(recorder_, source_->batch(recorder_, 0), loss_.whole(), 0);
    optimizer_.step(recorder_, parameters_, ++steps_, OptimizerOptions{}.learning_rate);
    recorder_.finish();
}

double TrainingBench::time_step() {
    milliseconds_.push_back(milliseconds_of([this] { step(); }));
    return milliseconds_.back();
}

std::vector<KernelFigures> TrainingBench::kernels() {
    const auto runs = static_cast<double>(milliseconds_.size());
    const std::map<std::string, Work> counted = count_kernels(choice_.kind, network_, shape_, tiles_);
    std::map<std::string, KernelTime> times;
    double seconds = 0;
    for (const auto& [name, time] : recorder_.profiler().times()) {
        KernelTime& of_shader = times[name.substr(0, name.find(' '))];
        of_shader.calls += time.calls;
        of_shader.seconds += time.seconds;
        of_shader.bytes += time.bytes;
        seconds += time.seconds;
    }
    std::vector<KernelFigures> kernels;
    for (const auto& [shader, time] : times) {
        if (time.calls == 0) continue;
        Work work{0, time.bytes / runs};
        const auto found = counted.find(shader);
        if (found != counted.end()) work.operations = found->second.operations;
        if (found != counted.end() && found->second.bytes > 0) work.bytes = found->second.bytes;
        kernels.push_back({shader, static_cast<double>(time.calls) / runs, time.seconds * 1e3 / runs,
                           seconds > 0 ? time.seconds / seconds : 0, work});
    }
    std::stable_sort(kernels.begin(), kernels.end(),
                     [](const auto& a, const auto& b) { return a.milliseconds > b.milliseconds; });
    return kernels;
}

PlanTimes TrainingBench::times() {
    return {choice_, summarize(milliseconds_), kernels(), count_work(network_, shape_).training_step};
}

std::vector<PlanTimes> time_plans(const Device& device, const std::vector<PlanKind>& plans,
                                  const Network& network, const Shape& shape, std::uint32_t runs,
                                  const FusedTiles& tiles) {
    const Noise pictures(shape);
    std::vector<std::unique_ptr<TrainingBench>> benches;
    for (const PlanKind plan : plans) {
        benches.push_back(std::make_unique<TrainingBench>(
            device, BenchedStep{.network = network, .plan = plan}, pictures, tiles));
    }
    for (std::uint32_t i = 0; i < runs; ++i) {
        for (const auto& bench : benches) bench->time_step();
    }
    std::vector<PlanTimes> times;
    for (const auto& bench : benches) times.push_back(bench->times());
    return times;
}

}  // namespace shadenet
