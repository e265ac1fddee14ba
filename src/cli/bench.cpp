// shadenet bench: how fast this device trains and applies the network, beside what it could do at best.
#include <memory>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "bench/benchmark.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/output.h"
#include "gpu/device.h"

namespace shadenet {

namespace {

struct Flags {
    BenchOptions options;
    std::string device;
    bool json = false;
};

double gflops(double operations, const Summary& time) {
    return operations / time.median * 1e-6;
}

/// Bytes that the kernels of a training step had to move, over the step's time.
double train_gb_per_s(const BenchResult& result) {
    double bytes = 0;
    for (const auto& [name, time] : result.train_kernels) bytes += time.bytes;
    return bytes / static_cast<double>(result.train_step.runs) / result.train_step.median * 1e-6;
}

nlohmann::ordered_json to_json(const Summary& time) {
    return {{"median", time.median}, {"min", time.min}, {"max", time.max}, {"runs", time.runs}};
}

void show_json(const Device& device, const BenchOptions& options, const BenchResult& result) {
    const nlohmann::ordered_json json = {
        {"device", device.info().name},
        {"driver", device.info().driver},
        {"plan", result.plan},
        {"size", options.size},
        {"batch", options.batch},
        {"train_step_ms", to_json(result.train_step)},
        {"inference_ms", to_json(result.inference)},
        {"train_step_gflops", gflops(result.work.training_step, result.train_step)},
        {"train_step_gb_per_s", train_gb_per_s(result)},
        {"inference_gflops", gflops(result.work.inference, result.inference)},
        {"peak_gflops", result.peaks.gflops},
        {"copy_gb_per_s", result.peaks.copy_gb_per_s},
    };
    write_output(json.dump(2) + '\n');
}

void show_summary(const char* what, const Summary& time, double operations, const Peaks& peaks) {
    const double rate = gflops(operations, time);
    say("{:<15} {:>9.2f} ms median   {:>9.2f} min {:>9.2f} max   {:>8.1f} GFLOP/s, {:.0f} % of the peak",
        what, time.median, time.min, time.max, rate, 100 * rate / peaks.gflops);
}

/// Each kernel's own time, where the device has a clock.
void show_kernels(const BenchResult& result) {
    if (result.train_kernels.empty()) return;
    say("\n{:<60} {:>5} {:>10} {:>10}", "a training step by kernel", "calls", "ms", "GB/s");
    double total = 0;
    const auto runs = static_cast<double>(result.train_step.runs);
    for (const auto& [name, time] : result.train_kernels) {
        if (time.calls == 0) continue;
        say("  {:<58} {:>5.0f} {:>10.3f} {:>10.1f}", name, static_cast<double>(time.calls) / runs,
            time.seconds * 1e3 / runs, time.seconds > 0 ? time.bytes / time.seconds * 1e-9 : 0.0);
        total += time.seconds * 1e3 / runs;
    }
    say("  {:<58} {:>5} {:>10.3f} {:>10.1f}", "all", "", total, train_gb_per_s(result));
}

void show_text(const Device& device, const BenchOptions& options, const BenchResult& result) {
    say("{}", device_line(device.info(), device.reason()));
    say("plan {}, the reference network, pictures of {} x {}, a training step of {}, {} runs\n", result.plan,
        options.size, options.size, options.batch, options.runs);
    show_summary("training step", result.train_step, result.work.training_step, result.peaks);
    show_summary("inference of 1", result.inference, result.work.inference, result.peaks);
    show_kernels(result);
    say("\nThe device at best: {:.1f} GFLOP/s of multiply-adds, copying at {:.1f} GB/s (read plus written)",
        result.peaks.gflops, result.peaks.copy_gb_per_s);
}

void run(const Flags& flags) {
    const auto device = Device::open(flags.device);
    if (flags.device.empty()) warn_of_software(device->info());
    const BenchResult result = run_benchmark(*device, flags.options);
    if (flags.json) {
        show_json(*device, flags.options, result);
    } else {
        show_text(*device, flags.options, result);
    }
}

}  // namespace

void add_bench_command(CLI::App& program, int&) {
    CLI::App* command =
        program.add_subcommand("bench", "Measure how fast this GPU trains and applies the network");
    const auto flags = std::make_shared<Flags>();
    command->add_option("--size", flags->options.size, "side of the pictures in pixels")
        ->capture_default_str()
        ->check(CLI::Range(1, 16384));
    command->add_option("--batch", flags->options.batch, "pictures of a training step")
        ->capture_default_str()
        ->check(CLI::Range(1, 4096));
    command->add_option("--runs", flags->options.runs, "how often each is timed")
        ->capture_default_str()
        ->check(CLI::Range(1, 10000));
    command->add_option("--device", flags->device, "number, part of a name, or cpu")->type_name("DEVICE");
    command->add_flag("--json", flags->json, "print one JSON object");
    command->callback([flags] { run(*flags); });
}

}  // namespace shadenet
