#include "bench/training_bench.h"

#include <algorithm>
#include <utility>

#include "model/parameters.h"
#include "model/presets.h"

namespace shadenet {

template <class Make>
auto TrainingBench::counted(std::uint64_t& bytes, const Make& make) {
    const std::uint64_t before = device_.buffer_bytes();
    auto made = make();
    bytes += device_.buffer_bytes() - before;
    return made;
}

TrainingBench::TrainingBench(const Device& device, const BenchedStep& benched, const Noise& examples,
                             const PlanTiles& tiles)
    : device_(device),
      memory_{.parameters = device.buffer_bytes()},
      benched_(benched),
      network_(benched.network),
      choice_(choose_plan(network_, benched.plan)),
      shape_(with_images(examples.input_shape(), examples.size())),
      tiles_(tiles),
      parameters_(device, initial_parameters(network_, bench_seed), weight_layout(network_, choice_.kind)),
      statistics_(device, parameters_, benched.domains),
      plan_(counted(memory_.plan,
                    [&] {
                        return make_training_plan(choice_.kind, device, network_, parameters_, examples,
                                                  examples.size(), tiles, examples.loss(), bench_seed);
                    })),
      source_(counted(memory_.examples, [&] { return plan_->make_source(examples); })),
      optimizer_(device, {.kind = benched.optimizer}, parameters_),
      loss_(device, sizeof(float), "loss"),
      recorder_(device) {
    memory_.parameters = device.buffer_bytes() - memory_.parameters - memory_.plan - memory_.examples;
    source_->set_batches(batches_in_order(examples.size(), examples.size()));
    plan_->freeze_norms(benched.frozen);
    // Some memory is taken by the first step.
    counted(memory_.plan, [this] {
        warm_up([this] { step(); });
        return 0;
    });
    recorder_.profiler().clear_totals();
}

void TrainingBench::step() {
    if (benched_.debias) {
        std::vector<float> debiased = decays(network_);
        debiased_.replace(debiased);
        plan_->set_decays(recorder_, debiased);
    }
    statistics_.select(recorder_, static_cast<std::uint32_t>(steps_ % benched_.domains));
    source_->choose(recorder_, 0);
    plan_->begin_step(recorder_, steps_);
    optimizer_.begin_step(recorder_, {.number = ++steps_, .learning_rate = OptimizerOptions{}.learning_rate});
    recorder_.repeat(recording_, [this] {
        plan_->step(recorder_, source_->gather(recorder_), {.losses = loss_.whole()});
        plan_->update(recorder_, optimizer_);
    });
    recorder_.finish();
}

double TrainingBench::time_step() {
    const double before = processor_milliseconds();
    milliseconds_.push_back(milliseconds_of([this] { step(); }));
    processor_.push_back(processor_milliseconds() - before);
    return milliseconds_.back();
}

std::vector<KernelFigures> TrainingBench::kernels() {
    const auto runs = static_cast<double>(milliseconds_.size());
    const std::map<std::string, Work> counted_work =
        count_kernels(choice_.kind, network_, shape_, tiles_.fused);
    std::map<std::string, std::pair<Pass, KernelTime>> times;
    double seconds = 0;
    for (const auto& [kernel, time] : recorder_.profiler().times()) {
        const Role role = role_of(kernel);
        auto& [pass, of_kernel] = times[role.name];
        pass = role.pass;
        of_kernel.calls += time.calls;
        of_kernel.seconds += time.seconds;
        of_kernel.bytes += time.bytes;
        seconds += time.seconds;
    }
    std::vector<KernelFigures> kernels;
    for (const auto& [name, kernel] : times) {
        const auto& [pass, time] = kernel;
        if (time.calls == 0) continue;
        Work work{0, time.bytes / runs};
        const auto found = counted_work.find(name);
        if (found != counted_work.end()) work.operations = found->second.operations;
        if (found != counted_work.end() && found->second.bytes > 0) work.bytes = found->second.bytes;
        kernels.push_back({name, pass, static_cast<double>(time.calls) / runs, time.seconds * 1e3 / runs,
                           seconds > 0 ? time.seconds / seconds : 0, work});
    }
    std::stable_sort(kernels.begin(), kernels.end(),
                     [](const auto& a, const auto& b) { return a.milliseconds > b.milliseconds; });
    return kernels;
}

PlanTimes TrainingBench::times() {
    return {choice_,
            summarize(milliseconds_),
            summarize(processor_),
            memory_,
            kernels(),
            count_work(network_, shape_).training_step};
}

std::vector<PlanTimes> time_plans(const Device& device, const std::vector<PlanKind>& plans,
                                  const Network& network, const Shape& shape, std::uint32_t runs,
                                  const PlanTiles& tiles) {
    const Noise examples(network, shape);
    std::vector<std::unique_ptr<TrainingBench>> benches;
    for (const PlanKind plan : plans) {
        benches.push_back(std::make_unique<TrainingBench>(
            device, BenchedStep{.network = network, .plan = plan}, examples, tiles));
    }
    for (std::uint32_t i = 0; i < runs; ++i) {
        for (const auto& bench : benches) bench->time_step();
    }
    std::vector<PlanTimes> times;
    for (const auto& bench : benches) times.push_back(bench->times());
    return times;
}

}  // namespace shadenet
