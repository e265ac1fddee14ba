#include "bench/benchmark.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "engine/picture_filter.h"
#include "engine/stack/evaluator.h"
#include "model/parameters.h"
#include "model/presets.h"
#include "model/random.h"

namespace shadenet {

namespace {

Picture8 noise_picture(std::uint32_t size) {
    std::mt19937_64 random = random_stream(bench_seed, 3);
    Picture8 picture{size, size, std::vector<std::uint8_t>(std::size_t{3} * size * size)};
    for (std::uint8_t& value : picture.rgb) value = static_cast<std::uint8_t>(random() >> 56U);
    return picture;
}

std::vector<InferenceTimes> time_inference(const Device& device, const BenchOptions& options) {
    const Network& network = options.network;
    const Parameters parameters = initial_parameters(network, bench_seed);
    const Picture8 picture = noise_picture(options.picture != 0 ? options.picture : options.size);
    std::vector<std::unique_ptr<PictureFilter>> filters;
    const auto add = [&](InferencePlan plan) {
        filters.push_back(
            std::make_unique<PictureFilter>(device, network, parameters, FilterOptions{.plan = plan}));
    };
    add(InferencePlan::automatic);
    for (const InferencePlan plan : {InferencePlan::linear, InferencePlan::folded, InferencePlan::stack}) {
        if (!options.compare || plan == filters.front()->plan()) continue;
        try {
            add(plan);
        } catch (const InputError&) {
            // The plan does not take the network, so that there is nothing to compare.
        }
    }
    std::vector<std::vector<double>> milliseconds(filters.size());
    for (const auto& filter : filters) warm_up([&] { filter->apply(picture); });
    for (std::uint32_t i = 0; i < options.runs; ++i) {
        for (std::size_t f = 0; f < filters.size(); ++f) {
            milliseconds[f].push_back(milliseconds_of([&] { filters[f]->apply(picture); }));
        }
    }
    std::vector<InferenceTimes> times;
    for (std::size_t f = 0; f < filters.size(); ++f) {
        times.push_back({to_string(filters[f]->plan()), filters[f]->plan_reason(),
                         summarize(std::move(milliseconds[f]))});
    }
    return times;
}

Summary time_evaluation(const Device& device, const BenchOptions& options) {
    const Noise examples(options.network, options.input());
    ParameterBuffers parameters(device, initial_parameters(options.network, bench_seed),
                                WeightLayout::blocks);
    Evaluator evaluator(device, options.network, parameters, examples, examples.loss(), options.batch);
    Recorder recorder(device);
    const auto evaluate = [&] { evaluator.losses(recorder); };
    warm_up(evaluate);
    std::vector<double> milliseconds;
    for (std::uint32_t i = 0; i < options.runs; ++i) milliseconds.push_back(milliseconds_of(evaluate));
    return summarize(std::move(milliseconds));
}

/// Sizes at one batch each, the larger ones alone so that they fit a small device, then batches at one size.
constexpr std::pair<std::uint32_t, std::uint32_t> scale_points[] = {{256, 4},  {512, 4}, {1024, 1},
                                                                    {2048, 1}, {512, 1}, {512, 16}};

ScalePoint time_point(const Device& device, const BenchOptions& options, std::uint32_t size,
                      std::uint32_t batch, const PlanTiles& tiles) {
    ScalePoint point{size, batch, {}, {}};
    try {
        const Shape shape{batch, options.network.input.c, size, size};
        point.train_step = time_plans(device, {options.plan}, options.network, shape, options.runs, tiles)
                               .front()
                               .train_step;
    } catch (const InputError& error) {
        point.problem = error.what();
    } catch (const WorkError& error) {
        point.problem = error.what();
    }
    return point;
}

}  // namespace

std::vector<PlanKind> benched_plans(const BenchOptions& options) {
    const bool two = choose_plan(options.network, PlanKind::automatic).kind == PlanKind::fused;
    if (!options.compare || !two) return {options.plan};
    const bool fused = choose_plan(options.network, options.plan).kind == PlanKind::fused;
    return {options.plan, fused ? PlanKind::stack : PlanKind::fused};
}

BenchResult run_benchmark(const Device& device, const BenchOptions& options, const PlanTiles& tiles) {
    const Shape shape = options.input();
    if (options.scaling && options.network.input.h > 0) {
        throw InputError(
            fmt::format("--scaling times other sizes, and the network takes {}x{} alone; leave it out",
                        shape.w, shape.h));
    }
    BenchResult result;
    const Peaks before = measure_peaks(device);
    result.plans = time_plans(device, benched_plans(options), options.network, shape, options.runs, tiles);
    if (filters_pictures(options.network)) {
        result.inference = time_inference(device, options);
    } else {
        result.evaluation = time_evaluation(device, options);
    }
    if (options.scaling) {
        for (const auto& [size, batch] : scale_points) {
            result.scaling.push_back(time_point(device, options, size, batch, tiles));
        }
    }
    if (options.options) result.options = time_options(device, shape, options.runs, tiles);
    // Of both ends, in case others had the processors meanwhile.
    const Peaks after = measure_peaks(device);
    result.peaks = {std::max(before.gflops, after.gflops),
                    std::max(before.copy_gb_per_s, after.copy_gb_per_s)};
    return result;
}

}  // namespace shadenet
