// shadenet bench: how fast this device trains and applies the network, beside what it could do at best.
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "bench/apply_bench.h"
#include "bench/benchmark.h"
#include "cli/bench_ranks.h"
#include "cli/bench_report.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/shown_tuner.h"
#include "engine/plan_choice.h"
#include "engine/plan_tiles.h"
#include "gpu/device.h"
#include "model/network_choice.h"

namespace shadenet {

namespace {

struct BenchFlags {
    BenchOptions options;
    NetworkOptions shape;  ///< of the presets that have one
    const CLI::Option* network_option = nullptr;
    const CLI::Option* size = nullptr;
    const CLI::Option* depth = nullptr;
    const CLI::Option* hidden = nullptr;
    std::string device, plan = to_string(PlanKind::automatic);
    std::string pictures, network = "two-layer";
    bool json = false, no_tune = false, ranks = false;
};

PlanKind plan_of(const BenchFlags& flags) {
    try {
        const PlanKind kind = plan_kind(flags.plan);
        if (kind != PlanKind::layerwise) return kind;
        spdlog::info("{}", layerwise_note);
        return PlanKind::stack;
    } catch (const InputError& error) {
        throw InputError(fmt::format("--{}", error.what()));
    }
}

int run_on_pictures(const BenchFlags& flags) {
    const std::atomic<bool>& stop = stop_on_interrupt();
    auto device = Device::open(flags.device);
    if (flags.device.empty()) warn_of_software(device->info());
    say("{}", device_line(device->info(), device->reason()));
    const auto times = time_apply(std::move(device), flags.pictures, flags.options.runs,
                                  std::thread::hardware_concurrency(), stop);
    if (!times) return exit_after_interrupt();
    show_apply_bench(*times);
    return exit_fine;
}

/// Refuses flags that say nothing about this network, or beside one another.
void check_flags(const BenchFlags& flags, const BenchOptions& options) {
    if (flags.ranks && (options.compare || options.scaling || options.options || !flags.pictures.empty())) {
        throw InputError(
            "--ranks times steps alone; leave --compare, --scaling, --options and --pictures out");
    }
    const bool two_layer = flags.network == "two-layer", dncnn = flags.network == "dncnn";
    const Shape& input = options.network.input;
    if (!two_layer && options.options) {
        throw InputError("--options times the flags that shape two-layer; leave it or --network out");
    }
    if (flags.hidden->count() > 0 && !two_layer && !dncnn) {
        throw InputError("--hidden shapes two-layer and dncnn; leave it out with another --network");
    }
    if (flags.depth->count() > 0 && !dncnn) {
        throw InputError("--depth shapes dncnn; leave it out with another --network");
    }
    if (flags.size->count() > 0 && input.h > 0) {
        throw InputError(
            fmt::format("--size is for networks of any size, and --network takes {}x{} alone; leave it out",
                        input.w, input.h));
    }
    if (options.picture > 0 && !filters_pictures(options.network)) {
        throw InputError(
            "--picture is for networks that filter pictures, and --network does not; leave it out");
    }
}

/// Of each plan, in the order of benched_plans().
std::vector<ChosenTiles> choose_tiles(const Device& device, const BenchOptions& options, bool measure) {
    std::vector<ChosenTiles> tiles;
    const ShownTuner tuner(measure, false, nullptr);
    for (const PlanKind plan : benched_plans(options)) {
        const PlanKind kind = choose_plan(options.network, plan).kind;
        tiles.push_back(tuner.choose(device, options.network, kind, options.input()));
    }
    return tiles;
}

/// The tiles of all plans together.
PlanTiles all_tiles(const Device& device, const BenchOptions& options,
                    const std::vector<ChosenTiles>& chosen) {
    PlanTiles all(default_tiles(device.info().kind, first_kernel(options.network)));
    const std::vector<PlanKind> plans = benched_plans(options);
    for (std::size_t i = 0; i < plans.size(); ++i) {
        const bool fused = choose_plan(options.network, plans[i]).kind == PlanKind::fused;
        if (fused) {
            all.fused = chosen[i].tiles.fused;
        } else {
            all.stack = chosen[i].tiles.stack;
        }
    }
    return all;
}

/// What the flags say of the network and its steps.
BenchOptions benched(const BenchFlags& flags) {
    BenchOptions options = flags.options;
    options.plan = plan_of(flags);
    require_shape(flags.shape);
    options.network = named_network(flags.network, flags.shape);
    check_flags(flags, options);
    return options;
}

int follow_bench(const BenchFlags& flags) {
    if (!flags.ranks) return exit_fine;
    SharedWork work(this_group());
    return work.leave(reported([&] {
        if (work.begun()) follow_bench_ranks(work, flags.device, benched(flags));
        return exit_fine;
    }));
}

int run_bench(const BenchFlags& flags) {
    if (flags.ranks) {
        SharedWork work(this_group());
        return work.leave(reported([&] {
            bench_ranks(work, flags.device, benched(flags), flags.json);
            return exit_fine;
        }));
    }
    if (!flags.pictures.empty() && flags.network_option->count() > 0) {
        throw InputError("--pictures times `apply` of two-layer; leave it or --network out");
    }
    if (!flags.pictures.empty()) return run_on_pictures(flags);
    const BenchOptions options = benched(flags);
    const auto device = Device::open(flags.device);
    if (flags.device.empty()) warn_of_software(device->info());
    require_steps_fit(*device, benched_plans(options), options.network, options.input());
    const std::vector<ChosenTiles> tiles = choose_tiles(*device, options, !flags.no_tune);
    const BenchResult result = run_benchmark(*device, options, all_tiles(*device, options, tiles));
    if (flags.json) {
        write_output(bench_json(device->info(), options, result, tiles));
        return exit_fine;
    }
    say("{}", device_line(device->info(), device->reason()));
    show_bench(options, result, tiles);
    return exit_fine;
}

}  // namespace

void add_bench_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "bench", "Measure how fast this GPU trains and applies the network", exit_code,
                    run_bench, follow_bench);
    BenchOptions& options = flags.options;
    flags.size = add_number(command, "--size", options.size,
                            "side of the pictures in pixels, for networks of any size", 1, 16384);
    add_number(command, "--batch", options.batch, "pictures of a training step", 1, 4096);
    add_number(command, "--picture", options.picture, "side of the picture of inference; 0: that of --size",
               0, 16384);
    add_number(command, "--runs", options.runs, "how often each is timed", 1, 10000);
    flags.network_option =
        add_valued(command, "--network", flags.network,
                   "two-layer, dncnn, a file with the layers, or the layers themselves", "NAME|FILE|TEXT")
            ->capture_default_str();
    flags.depth = add_number(command, "--depth", flags.shape.depth, "convolutions of dncnn");
    flags.hidden = add_number(command, "--hidden", flags.shape.hidden, "channels of two-layer and dncnn");
    add_valued(command, "--plan", flags.plan, "how training steps are run: auto, fused or stack", "NAME")
        ->capture_default_str();
    command.add_flag("--compare", options.compare, "time the other plans too, in turns");
    command.add_flag("--scaling", options.scaling, "time steps of other sizes and batches too");
    command.add_flag("--options", options.options,
                     "time steps with each option of `train` too, in turns with the defaults");
    command.add_flag("--no-tune", flags.no_tune, "do not measure which tiles of a plan are fastest here");
    add_valued(command, "--pictures", flags.pictures,
               "time `apply` on this folder instead, beside decoding and encoding alone", "DIR");
    command.add_flag("--ranks", flags.ranks,
                     "time steps that all processes of an MPI job make together, and predict\n"
                     "those of more");
    add_device_flag(command, flags.device);
    command.add_flag("--json", flags.json, "print one JSON object");
}

}  // namespace shadenet
