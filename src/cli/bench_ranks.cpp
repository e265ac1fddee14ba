#include "cli/bench_ranks.h"

#include <memory>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "bench/rank_bench.h"
#include "cli/device_text.h"
#include "cli/output.h"

namespace shadenet {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint32_t predicted_ranks[] = {8, 64, 512};
constexpr double ethernet_us = 100;         ///< as a usual network between machines has
constexpr double ethernet_bytes_us = 1250;  ///< 10 Gbit/s
constexpr double fast_work_ms = 0.6;        ///< of a large GPU, at 4 pictures of 512x512

/// Ranks with such a step of their own, over such links.
struct Assumed {
    std::string what;
    double work_ms;
    LinkSpeed link;
};

std::vector<Assumed> assumptions(const RankTimes& times) {
    const LinkSpeed ethernet{ethernet_us, ethernet_bytes_us};
    return {{"this step, these links", times.work_ms(), times.link},
            {"this step, Ethernet", times.work_ms(), ethernet},
            {"0.6 ms, Ethernet", fast_work_ms, ethernet},
            {"0.6 ms, these links", fast_work_ms, times.link}};
}

/// The part of a step that is work.
double efficiency(const RankTimes& times, const Assumed& assumed, std::uint32_t ranks) {
    return assumed.work_ms / predicted_ms(times, assumed.work_ms, assumed.link, ranks);
}

std::string ranks_json(const RankTimes& times, const Shape& shape) {
    Json predictions = Json::array();
    for (const Assumed& assumed : assumptions(times)) {
        for (const std::uint32_t ranks : predicted_ranks) {
            predictions.push_back({{"ranks", ranks},
                                   {"work_ms", assumed.work_ms},
                                   {"latency_us", assumed.link.latency_us},
                                   {"gb_per_s", assumed.link.bytes_per_us * 1e-3},
                                   {"step_ms", predicted_ms(times, assumed.work_ms, assumed.link, ranks)},
                                   {"efficiency", efficiency(times, assumed, ranks)}});
        }
    }
    Json exchanges = Json::array();
    for (const NamedExchange& one : times.exchanges) {
        exchanges.push_back({{"name", one.name},
                             {"of_step", one.calls},
                             {"bytes", one.bytes},
                             {"mean_us", one.mean_us},
                             {"least_us", one.least_us}});
    }
    const Json json = {{"ranks", times.ranks},
                       {"size", shape.w},
                       {"batch_of_rank", shape.n},
                       {"step_ms",
                        {{"median", times.step.median},
                         {"min", times.step.min},
                         {"max", times.step.max},
                         {"runs", times.step.runs}}},
                       {"exchange_ms", times.exchange_ms},
                       {"exchanges", times.calls},
                       {"each_exchange", exchanges},
                       {"bytes", times.bytes},
                       {"latency_us", times.link.latency_us},
                       {"gb_per_s", times.link.bytes_per_us * 1e-3},
                       {"predictions", predictions}};
    return json.dump(2) + '\n';
}

void show_ranks(const RankTimes& times, const Shape& shape) {
    say("{} ranks, a step of {} pictures of {} x {} on each, {} runs\n", times.ranks, shape.n, shape.w,
        shape.h, times.step.runs);
    say("{:<26} {:>9.2f} ms median {:>9.2f} min {:>9.2f} max", "training step", times.step.median,
        times.step.min, times.step.max);
    say("{:<26} {:>9.2f} ms median, {:.1f} % of it: {:.1f} that bring {:.1f} kB each; with the wait for "
        "slower ranks",
        "  its exchanges", times.exchange_ms, 100 * times.exchange_ms / times.step.median, times.calls,
        times.bytes * 1e-3 / times.calls);
    for (const NamedExchange& one : times.exchanges) {
        say("    {:<22} {:>9.3f} ms mean {:>11.3f} least, {:.2f} a step that bring {:.1f} kB each", one.name,
            one.mean_us * 1e-3, one.least_us * 1e-3, one.calls, one.bytes * 1e-3);
    }
    say("{:<26} {:>9.1f} us, and {:.2f} GB/s of large ones", "an exchange takes", times.link.latency_us,
        times.link.bytes_per_us * 1e-3);
    say("\nPredicted, of more ranks with as many pictures each: ms of a step, and how much of it is work");
    std::string head = fmt::format("{:<26}", "");
    for (const std::uint32_t ranks : predicted_ranks)
        head += fmt::format(" {:>20}", fmt::format("{} ranks", ranks));
    say("{}", head);
    for (const Assumed& assumed : assumptions(times)) {
        std::string line = fmt::format("  {:<24}", assumed.what);
        for (const std::uint32_t ranks : predicted_ranks) {
            line += fmt::format(" {:>11.2f} ms {:>4.0f} %",
                                predicted_ms(times, assumed.work_ms, assumed.link, ranks),
                                100 * efficiency(times, assumed, ranks));
        }
        say("{}", line);
    }
    say("Ethernet: {:.0f} us, {:.2f} GB/s. 0.6 ms: the work of a step on a large GPU", ethernet_us,
        ethernet_bytes_us * 1e-3);
}

RankTimes time_ranks(const Device& device, const BenchOptions& options) {
    const PlanKind plan = choose_plan(options.network, options.plan).kind;
    return time_ranks(device, this_group(), {.network = options.network, .plan = plan}, options.input(),
                      options.runs, default_plan_tiles(device, options.network, plan, options.input()));
}

}  // namespace

void bench_ranks(SharedWork& work, const std::string& device_request, const BenchOptions& options,
                 bool json) {
    if (this_group().is_alone()) {
        throw InputError(
            "--ranks times processes that train together, and there is one; begin it by `mpirun -n 2 "
            "shadenet-mpi bench --ranks`");
    }
    const auto device = Device::open(device_request);
    require_steps_fit(*device, {options.plan}, options.network, options.input());
    work.begin();
    if (!work.all_ready([] {})) return;
    RankTimes times;
    work.in_step([&] { times = time_ranks(*device, options); });
    if (json) return write_output(ranks_json(times, options.input()));
    say("{}", device_line(device->info(), device->reason()));
    show_ranks(times, options.input());
}

void follow_bench_ranks(SharedWork& work, const std::string& device_request, const BenchOptions& options) {
    std::unique_ptr<Device> device;
    if (!work.all_ready([&] { device = Device::open(device_request); })) return;
    work.in_step([&] { time_ranks(*device, options); });
}

}  // namespace shadenet
