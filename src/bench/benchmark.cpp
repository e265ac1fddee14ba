#include "bench/benchmark.h"

#include "base/error.h"
#include "engine/picture_filter.h"
#include "model/parameters.h"
#include "model/presets.h"
#include "model/random.h"

namespace shadenet {

namespace {

Shape pictures(std::uint32_t batch, std::uint32_t size) {
    return {batch, 3, size, size};
}

/// The plan of the options, and for a comparison the other one where there is another for the network.
std::vector<PlanKind> plans_of(const BenchOptions& options) {
    const bool two = choose_plan(options.network, PlanKind::automatic).kind == PlanKind::fused;
    if (!options.compare || !two) return {options.plan};
    const bool fused = choose_plan(options.network, options.plan).kind == PlanKind::fused;
    return {options.plan, fused ? PlanKind::layerwise : PlanKind::fused};
}

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
    for (const InferencePlan plan :
         {InferencePlan::linear, InferencePlan::folded, InferencePlan::layerwise}) {
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

/// Sizes at one batch each, the larger ones alone so that they fit a small device, then batches at one size.
constexpr std::pair<std::uint32_t, std::uint32_t> scale_points[] = {{256, 4},  {512, 4}, {1024, 1},
                                                                    {2048, 1}, {512, 1}, {512, 16}};

ScalePoint time_point(const Device& device, const BenchOptions& options, std::uint32_t size,
                      std::uint32_t batch, const FusedTiles& tiles) {
    ScalePoint point{size, batch, {}, {}};
    try {
        point.train_step =
            time_plans(device, {options.plan}, options.network, pictures(batch, size), options.runs, tiles)
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

BenchResult run_benchmark(const Device& device, const BenchOptions& options, const FusedTiles& tiles) {
    const Shape shape = pictures(options.batch, options.size);
    BenchResult result;
    result.plans = time_plans(device, plans_of(options), options.network, shape, options.runs, tiles);
    result.inference = time_inference(device, options);
    if (options.scaling) {
        for (const auto& [size, batch] : scale_points) {
            result.scaling.push_back(time_point(device, options, size, batch, tiles));
        }
    }
    if (options.options) result.options = time_options(device, shape, options.runs, tiles);
    result.peaks = measure_peaks(device);
    return result;
}

}  // namespace shadenet
