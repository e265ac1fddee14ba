#include "cli/bench_report.h"

#include <map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "cli/output.h"
#include "gpu/device_info.h"
#include "model/network_text.h"

namespace shadenet {

namespace {

using Json = nlohmann::ordered_json;

/// Billions a second; 0 where the time is none, as of a clock that is too coarse.
double rate(double count, double milliseconds) {
    return milliseconds > 0 ? count / milliseconds * 1e-6 : 0;
}

std::uint32_t inference_side(const BenchOptions& options) {
    return options.picture != 0 ? options.picture : options.size;
}

/// What the network needs of one picture, without what a plan does besides.
double inference_operations(const BenchOptions& options) {
    const std::uint32_t side = inference_side(options);
    return count_work(options.network, {1, 3, side, side}).inference;
}

double evaluation_operations(const BenchOptions& options) {
    return count_work(options.network, options.input()).inference;
}

double step_bytes(const PlanTimes& plan) {
    double bytes = 0;
    for (const KernelFigures& kernel : plan.kernels) bytes += kernel.work.bytes;
    return bytes;
}

double nanoseconds_per_pixel(const ScalePoint& point) {
    return point.train_step.median * 1e6 / (static_cast<double>(point.size) * point.size * point.batch);
}

Json to_json(const Summary& time) {
    return {{"median", time.median}, {"min", time.min}, {"max", time.max}, {"runs", time.runs}};
}

Json to_json(const KernelFigures& kernel, const Peaks& peaks) {
    const double gflops = rate(kernel.work.operations, kernel.milliseconds);
    return {{"name", kernel.name},
            {"pass", pass_words[kernel.pass]},
            {"calls", kernel.calls},
            {"ms", kernel.milliseconds},
            {"share", kernel.share},
            {"operations", kernel.work.operations},
            {"bytes", kernel.work.bytes},
            {"gflops", gflops},
            {"gb_per_s", rate(kernel.work.bytes, kernel.milliseconds)},
            {"of_peak_gflops", gflops / peaks.gflops}};
}

/// The time of the network's multiply-adds at the device's peak.
double floor_ms(const PlanTimes& plan, const Peaks& peaks) {
    return plan.operations / peaks.gflops * 1e-6;
}

/// The kernels of each pass as one, in the order of Pass, those that are there.
std::vector<KernelFigures> by_pass(const PlanTimes& plan) {
    std::map<Pass, KernelFigures> passes;
    for (const KernelFigures& kernel : plan.kernels) {
        KernelFigures& pass = passes[kernel.pass];
        pass.name = pass_words[kernel.pass];
        pass.pass = kernel.pass;
        pass.calls += kernel.calls;
        pass.milliseconds += kernel.milliseconds;
        pass.share += kernel.share;
        pass.work.operations += kernel.work.operations;
        pass.work.bytes += kernel.work.bytes;
    }
    std::vector<KernelFigures> list;
    for (auto& [pass, figures] : passes) list.push_back(std::move(figures));
    return list;
}

Json to_json(const BenchMemory& memory) {
    return {{"plan", memory.plan}, {"parameters", memory.parameters}, {"examples", memory.examples}};
}

Json to_json(const PlanTimes& plan, const Peaks& peaks) {
    Json kernels = Json::array();
    for (const KernelFigures& kernel : plan.kernels) kernels.push_back(to_json(kernel, peaks));
    Json layers = Json::array();
    for (const KernelFigures& layer : plan.layers) layers.push_back(to_json(layer, peaks));
    Json passes = Json::array();
    for (const KernelFigures& pass : by_pass(plan)) passes.push_back(to_json(pass, peaks));
    const double gflops = rate(plan.operations, plan.train_step.median);
    return {{"plan", to_string(plan.plan.kind)},
            {"reason", plan.plan.reason},
            {"train_step_ms", to_json(plan.train_step)},
            {"train_step_processor_ms", to_json(plan.processor)},
            {"train_step_gflops", gflops},
            {"of_peak_gflops", gflops / peaks.gflops},
            {"operations", plan.operations},
            {"floor_ms", floor_ms(plan, peaks)},
            {"memory_bytes", to_json(plan.memory)},
            {"passes", passes},
            {"layers", layers},
            {"kernels", kernels}};
}

Json to_json(const ScalePoint& point) {
    Json json = {{"size", point.size}, {"batch", point.batch}};
    if (!point.problem.empty()) {
        json["problem"] = point.problem;
        return json;
    }
    json["train_step_ms"] = to_json(point.train_step);
    json["ns_per_pixel"] = nanoseconds_per_pixel(point);
    return json;
}

Json to_json(const OptionTimes& option) {
    Json json = {{"flags", option.flags}};
    if (!option.problem.empty()) {
        json["problem"] = option.problem;
        return json;
    }
    json["plan"] = option.plan;
    json["train_step_ms"] = to_json(option.train_step);
    json["of_the_default"] = to_json(option.ratio);
    return json;
}

void show_summary(const std::string& what, const Summary& time, double operations, const Peaks& peaks) {
    const double gflops = rate(operations, time.median);
    say("{:<26} {:>9.2f} ms median {:>9.2f} min {:>9.2f} max {:>9.1f} GFLOP/s, {:.0f} % of the peak", what,
        time.median, time.min, time.max, gflops, 100 * gflops / peaks.gflops);
}

void show_rows(const std::string& title, const std::vector<KernelFigures>& rows, const Peaks& peaks) {
    say("\n{:<34} {:>6} {:>10} {:>7} {:>9} {:>9} {:>9} {:>9} {:>7}", title, "calls", "ms", "share", "MFLOP",
        "MB", "GFLOP/s", "GB/s", "of peak");
    KernelFigures all{.name = "all"};
    for (const KernelFigures& row : rows) {
        const double gflops = rate(row.work.operations, row.milliseconds);
        const bool counted = row.work.operations > 0;
        const auto if_counted = [&](const char* pattern, double value) {
            return counted ? fmt::format(fmt::runtime(pattern), value) : std::string("-");
        };
        say("  {:<32} {:>6.0f} {:>10.3f} {:>5.1f} % {:>9} {:>9.2f} {:>9} {:>9.2f} {:>7}", row.name, row.calls,
            row.milliseconds, 100 * row.share, if_counted("{:.1f}", row.work.operations * 1e-6),
            row.work.bytes * 1e-6, if_counted("{:.1f}", gflops), rate(row.work.bytes, row.milliseconds),
            if_counted("{:.0f} %", 100 * gflops / peaks.gflops));
        all.calls += row.calls;
        all.milliseconds += row.milliseconds;
    }
    say("  {:<32} {:>6.0f} {:>10.3f}", all.name, all.calls, all.milliseconds);
}

/// Each kernel's own time, where the device has a clock; what the plan keeps; and what bounds the step.
void show_details(const PlanTimes& plan, const Peaks& peaks) {
    const std::string name = to_string(plan.plan.kind);
    if (!plan.kernels.empty()) {
        show_rows(name + " by kernel", plan.kernels, peaks);
        if (plan.plan.kind == PlanKind::stack) {
            show_rows(name + " by pass", by_pass(plan), peaks);
            show_rows(name + " by layer", plan.layers, peaks);
        }
    }
    const auto mb = [](std::uint64_t bytes) { return static_cast<double>(bytes) * 1e-6; };
    say("\n{}: the plan keeps {:.1f} MB on the device, besides {:.1f} MB of parameters, gradients and the "
        "optimizer's state, and {:.1f} MB of examples",
        name, mb(plan.memory.plan), mb(plan.memory.parameters), mb(plan.memory.examples));
    if (plan.operations == 0) return;
    say("{}: {:.1f} MFLOP a step take {:.2f} ms at the peak; the step takes {:.2f} times as long", name,
        plan.operations * 1e-6, floor_ms(plan, peaks), plan.train_step.median / floor_ms(plan, peaks));
}

void show_scaling(const BenchResult& result) {
    if (result.scaling.empty()) return;
    say("\n{:<26} {:>12} {:>9} {:>9} {:>12}", to_string(result.plans.front().plan.kind) + " by size",
        "ms median", "min", "max", "ns a pixel");
    for (const ScalePoint& point : result.scaling) {
        const std::string what = fmt::format("  {} of {} x {}", point.batch, point.size, point.size);
        if (point.problem.empty()) {
            say("{:<26} {:>12.2f} {:>9.2f} {:>9.2f} {:>12.2f}", what, point.train_step.median,
                point.train_step.min, point.train_step.max, nanoseconds_per_pixel(point));
        } else {
            say("{:<26} not run: {}", what, point.problem);
        }
    }
}

void show_options(const BenchResult& result) {
    if (result.options.empty()) return;
    say("\n{:<36} {:>10} {:>10} {:>26}", "training step by option", "plan", "ms median",
        "of the default (min, max)");
    for (const OptionTimes& option : result.options) {
        if (option.problem.empty()) {
            say("  {:<34} {:>10} {:>10.2f} {:>10.2f} {:>7.2f} {:>7.2f}", option.flags, option.plan,
                option.train_step.median, option.ratio.median, option.ratio.min, option.ratio.max);
        } else {
            say("  {:<34} not run: {}", option.flags, option.problem);
        }
    }
}

}  // namespace

std::string bench_json(const DeviceInfo& device, const BenchOptions& options, const BenchResult& result,
                       const std::vector<ChosenTiles>& tiles) {
    const PlanTimes& first = result.plans.front();
    const Shape input = options.input();
    Json plans = Json::array(), scaling = Json::array(), by_option = Json::array();
    for (const PlanTimes& plan : result.plans) plans.push_back(to_json(plan, result.peaks));
    for (const ScalePoint& point : result.scaling) scaling.push_back(to_json(point));
    for (const OptionTimes& option : result.options) by_option.push_back(to_json(option));
    Json inference = Json::array();
    for (const InferenceTimes& one : result.inference) {
        inference.push_back(
            {{"plan", one.plan}, {"reason", one.reason}, {"inference_ms", to_json(one.time)}});
    }
    Json json = {
        {"device", device.name},
        {"driver", device.driver},
        {"plan", to_string(first.plan.kind)},
        {"plan_reason", first.plan.reason},
        {"tiles", to_string(tiles.front().tiles, first.plan.kind)},
        {"tiles_source", tiles.front().source},
        {"pictures", "noise of whole 255ths"},
        {"size", input.w},
        {"batch", options.batch},
        {"train_step_ms", to_json(first.train_step)},
        {"train_step_gflops", rate(first.operations, first.train_step.median)},
        {"train_step_gb_per_s", rate(step_bytes(first), first.train_step.median)},
        {"peak_gflops", result.peaks.gflops},
        {"copy_gb_per_s", result.peaks.copy_gb_per_s},
        {"plans", plans},
        {"inference", inference},
        {"scaling", scaling},
        {"options", by_option},
    };
    if (!result.inference.empty()) {
        const Summary& time = result.inference.front().time;
        json["picture"] = inference_side(options);
        json["inference_ms"] = to_json(time);
        json["inference_gflops"] = rate(inference_operations(options), time.median);
    }
    if (result.evaluation) {
        json["evaluation_ms"] = to_json(*result.evaluation);
        json["evaluation_gflops"] = rate(evaluation_operations(options), result.evaluation->median);
    }
    if (options.network != two_layer_network({})) json["network"] = to_text(options.network);
    return json.dump(2) + '\n';
}

void show_apply_bench(const ApplyTimes& times) {
    const auto show = [&](const char* what, const Summary& time) {
        const double count = 1000 * static_cast<double>(times.pictures);
        say("{:<26} {:>9.2f} pictures a second, median; {:.2f} to {:.2f}", what, count / time.median,
            count / time.max, count / time.min);
    };
    say("{} pictures, {} rounds", times.pictures, times.share.runs);
    show("apply", times.apply);
    show("codecs alone", times.codecs);
    say("{:<26} {:>9.0f} % median; {:.0f} to {:.0f} %", "apply / codecs", 100 * times.share.median,
        100 * times.share.min, 100 * times.share.max);
}

void show_bench(const BenchOptions& options, const BenchResult& result,
                const std::vector<ChosenTiles>& tiles) {
    const PlanTimes& first = result.plans.front();
    say("plan {}: {}", to_string(first.plan.kind), first.plan.reason);
    for (std::size_t i = 0; i < tiles.size(); ++i) {
        const PlanKind plan = result.plans[i].plan.kind;
        say("tiles of the {} plan ({}): {}", to_string(plan), tiles[i].source,
            to_string(tiles[i].tiles, plan));
    }
    const Shape input = options.input();
    say("{} on noise of whole 255ths, as 8-bit files hold: pictures of {} x {}, a training step of {}, {} "
        "runs\n",
        options.network == two_layer_network({}) ? "The reference network" : "The network", input.w, input.h,
        input.n, options.runs);
    for (const PlanTimes& plan : result.plans) {
        const std::string name = to_string(plan.plan.kind);
        show_summary("training step, " + name, plan.train_step, plan.operations, result.peaks);
        show_summary("  processor time, " + name, plan.processor, plan.operations, result.peaks);
    }
    if (result.evaluation) {
        show_summary(fmt::format("evaluation of {}", input.n), *result.evaluation,
                     evaluation_operations(options), result.peaks);
    }
    for (const InferenceTimes& one : result.inference) {
        show_summary(fmt::format("inference {0}x{0}, {1}", inference_side(options), one.plan), one.time,
                     inference_operations(options), result.peaks);
    }
    if (result.plans.size() > 1) {
        const PlanTimes& other = result.plans.back();
        say("{} takes {:.2f} times as long as {}", to_string(other.plan.kind),
            other.train_step.median / first.train_step.median, to_string(first.plan.kind));
    }
    for (const PlanTimes& plan : result.plans) show_details(plan, result.peaks);
    show_scaling(result);
    show_options(result);
    say("\nThe device at best: {:.1f} GFLOP/s of multiply-adds, copying at {:.1f} GB/s (read plus written)",
        result.peaks.gflops, result.peaks.copy_gb_per_s);
}

}  // namespace shadenet
