#include "bench/training_bench.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "engine/training_limits.h"
#include "group/texts.h"
#include "model/network_text.h"
#include "model/parameters.h"
#include "model/presets.h"

namespace shadenet {

namespace {

constexpr std::uint32_t steps_in_turn = 64;  // of a pass, all of which take the same examples

/// What rank 0 says.
bool agreed(Group& group, bool mine) {
    return !broadcast_texts(group, mine ? Texts{"enough"} : Texts{}).empty();
}

}  // namespace

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
                        return make_training_plan(
                            choice_.kind, device, network_, parameters_, examples,
                            examples.size() / benched.shares.count(), tiles, examples.loss(), bench_seed,
                            feature_map_room(device.info(), {.network = network_,
                                                             .plan = choice_.kind,
                                                             .training = extent_of(examples),
                                                             .batch = examples.size()}),
                            benched.shares);
                    })),
      source_(counted(memory_.examples, [&] { return plan_->make_source(examples); })),
      own_examples_(benched.shares.own_examples(batches_in_order(examples.size(), examples.size()).front())),
      parts_{benched.shares.sizes(own_examples_), examples.size(),
             benched.shares.first() * (examples.size() / benched.shares.count())},
      optimizer_(device, {.kind = benched.optimizer}, parameters_),
      loss_(device, sizeof(float), "loss"),
      recorder_(device) {
    memory_.parameters = device.buffer_bytes() - memory_.parameters - memory_.plan - memory_.examples;
    source_->set_batches(std::vector(steps_in_turn, own_examples_));
    plan_->freeze_norms(benched.frozen);
    recorder_.tell_parts_apart();
    if (choice_.kind == PlanKind::stack) operations_ = count_layers(network_, shape_);
    // Some memory is taken by the first step.
    counted(memory_.plan, [this] {
        warm_up([&] { step(); }, [&](bool enough) { return agreed(benched_.shares.group(), enough); });
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
    source_->choose(recorder_, static_cast<std::uint32_t>(steps_ % steps_in_turn));
    plan_->begin_step(recorder_, steps_, parts_);
    optimizer_.begin_step(recorder_, {.number = ++steps_, .learning_rate = OptimizerOptions{}.learning_rate});
    const auto calls = [this] {
        plan_->share_step(recorder_, source_->gather(recorder_), parts_, {.losses = loss_.whole()});
        plan_->update(recorder_, optimizer_);
    };
    if (benched_.shares.group().is_alone()) {
        recorder_.repeat(recording_, calls);
    } else {
        calls();
    }
    recorder_.finish();
}

/// What was timed, together where `name_of` a role is the same, and not at all where it is "".
template <class NameOf>
std::vector<KernelFigures> TrainingBench::figures(const NameOf& name_of) {
    const auto runs = static_cast<double>(milliseconds_.size());
    std::map<std::string, KernelFigures> all;
    std::set<std::pair<std::string, std::string>> counted;
    double seconds = 0;
    for (const auto& [kernel, time] : recorder_.profiler().times()) {
        const Role role = role_of(kernel);
        seconds += time.seconds;
        const std::string name = name_of(role);
        if (name.empty() || time.calls == 0) continue;
        KernelFigures& one = all[name];
        one.name = name;
        one.pass = role.pass;
        one.calls += static_cast<double>(time.calls) / runs;
        one.milliseconds += time.seconds * 1e3 / runs;
        one.work.bytes += time.bytes / runs;
        // A layer's pass may be several kernels of one name.
        if (!counted.emplace(role.name, role.layer).second) continue;
        const auto found = operations_.find({role.layer, role.pass});
        if (found != operations_.end()) one.work.operations += found->second;
    }
    std::vector<KernelFigures> list;
    for (auto& [name, one] : all) {
        if (seconds > 0) one.share = one.milliseconds * runs * 1e-3 / seconds;
        list.push_back(std::move(one));
    }
    return list;
}

double TrainingBench::time_step() {
    const double before = processor_milliseconds();
    milliseconds_.push_back(milliseconds_of([this] { step(); }));
    processor_.push_back(processor_milliseconds() - before);
    return milliseconds_.back();
}

std::vector<KernelFigures> TrainingBench::kernels() {
    std::map<std::string, Work> fused;
    if (choice_.kind == PlanKind::fused) fused = count_fused(network_, shape_, tiles_.fused);
    std::vector<KernelFigures> kernels = figures([](const Role& role) { return role.name; });
    for (KernelFigures& kernel : kernels) {
        const auto found = fused.find(kernel.name);
        if (found != fused.end()) kernel.work = found->second;
    }
    std::ranges::stable_sort(kernels, std::ranges::greater{}, &KernelFigures::milliseconds);
    return kernels;
}

std::vector<KernelFigures> TrainingBench::layers() {
    std::map<std::string, std::size_t> place;
    for (const std::string& point : point_names(network_)) place.emplace(point, place.size());
    std::vector<KernelFigures> layers = figures([](const Role& role) {
        return role.layer.empty() ? "" : fmt::format("{}, {}", role.layer, pass_words[role.pass]);
    });
    std::ranges::stable_sort(layers, {}, [&](const KernelFigures& one) {
        return std::pair(place[one.name.substr(0, one.name.find(','))], one.pass);
    });
    return layers;
}

PlanTimes TrainingBench::times() {
    return {choice_,
            summarize(milliseconds_),
            summarize(processor_),
            memory_,
            kernels(),
            layers(),
            count_work(network_, shape_).training_step};
}

void require_steps_fit(const Device& device, const std::vector<PlanKind>& plans, const Network& network,
                       const Shape& shape) {
    for (const PlanKind plan : plans) {
        require_fit(device.info(),
                    {.network = network,
                     .plan = choose_plan(network, plan).kind,
                     .training = {shape.n, shape.w, shape.h, network.range.is_unit()},
                     .batch = shape.n,
                     .resizable = network.input.h == 0,
                     .resized_keep_levels = true},
                    most_input_side);
    }
}

std::vector<PlanTimes> time_plans(const Device& device, const std::vector<PlanKind>& plans,
                                  const Network& network, const Shape& shape, std::uint32_t runs,
                                  const PlanTiles& tiles) {
    require_steps_fit(device, plans, network, shape);
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
