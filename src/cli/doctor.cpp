// shadenet doctor: whether this device and its driver compute what they should.
#include <algorithm>
#include <cstdint>
#include <exception>
#include <functional>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "check/golden_check.h"
#include "check/suite.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/help.h"
#include "cli/output.h"
#include "cli/rank_devices.h"
#include "gpu/device.h"
#include "group/texts.h"

namespace shadenet {

namespace {

using check::Comparison;

struct DoctorFlags {
    std::string device, golden;
};

const char* verdict(bool passed) {
    return passed ? "pass" : "FAIL";
}

/// Gets what the checks of a kernel, or of a run, have found.
using OnKernel = std::function<void(std::span<const Comparison>)>;
using OnRun = std::function<void(const GoldenRun&, std::span<const Comparison>)>;

void show_kernel(const Comparison& worst) {
    const check::Figure figure = check::figure(worst);
    const std::string limit =
        figure.limit > 0 ? fmt::format("{} {:.0e}", figure.kind, figure.limit) : std::string(figure.kind);
    say("{:<29} {:<58} {:>9.1e} {:>15}  {}", worst.kernel, worst.where, figure.error, limit,
        verdict(worst.passed()));
}

/// What `check` finds. A check that cannot be run at all has failed: on a strange driver the others still
/// tell.
template <class Check>
std::vector<Comparison> found_by(const std::string& name, const Check& check) {
    try {
        return check();
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        return {{.kernel = name, .where = "could not be run", .damage = error.what()}};
    }
}

/// Runs the kernels' checks, and repeats recorded training runs.
std::vector<Comparison> check_all(const Device& device, std::span<const GoldenRun> runs,
                                  const OnKernel& on_kernel, const OnRun& on_run) {
    std::vector<Comparison> all;
    for (const check::Check& one : check::kernel_checks()) {
        const auto found = found_by(one.name, [&] { return one.run(device); });
        on_kernel(found);
        all.insert(all.end(), found.begin(), found.end());
    }
    for (const GoldenRun& run : runs) {
        const auto found = found_by(run.name, [&] { return check::check_golden(device, run); });
        on_run(run, found);
        all.insert(all.end(), found.begin(), found.end());
    }
    return all;
}

void show_kernels_heading() {
    say("\n{:<29} {:<58} {:>9} {:>15}", "kernel", "case", "error", "tolerance");
}

void show_runs_heading() {
    say("\nTraining runs recorded in float64 by another framework; the worst error of each, and by how many "
        "the\n"
        "right answers of a classifier differ:\n");
    say("{:<20} {:>9} {:>9} {:>9} {:>10} {:>9} {:>8}", "run", "loss", "gradient", "moving", "parameters",
        "output", "answers");
}

void show_run(const GoldenRun& run, std::span<const Comparison> found) {
    const std::vector<Comparison> worst = check::worst_of_each(found);
    const auto error = [&](const char* group) {
        const auto one = std::ranges::find(worst, group, &Comparison::kernel);
        return one == worst.end() ? std::string("-") : fmt::format("{:.1e}", check::figure(*one).error);
    };
    say("{:<20} {:>9} {:>9} {:>9} {:>10} {:>9} {:>8}  {}", run.name, error("loss"), error("gradient"),
        error("moving"), error("final"), error("output"), error("answers"),
        verdict(check::all_passed(found)));
}

void show_tolerances() {
    say("{:<20} {:>9.0e} {:>9.0e} {:>9.0e} {:>10.0e} {:>9.0e} {:>8}", "tolerance",
        check::tolerance::loss.of_element, check::tolerance::gradient.nmse,
        check::tolerance::golden_parameters.absolute, check::tolerance::golden_parameters.absolute,
        check::tolerance::golden_output.absolute, "exact");
}

/// All checks, with a line for each as it ends.
std::vector<Comparison> show_all(const Device& device, std::span<const GoldenRun> runs) {
    show_kernels_heading();
    bool in_runs = false;
    const auto on_kernel = [](std::span<const Comparison> found) {
        for (const Comparison& worst : check::worst_of_each(found)) show_kernel(worst);
    };
    const auto on_run = [&](const GoldenRun& run, std::span<const Comparison> found) {
        if (!std::exchange(in_runs, true)) show_runs_heading();
        show_run(run, found);
    };
    const std::vector<Comparison> all = check_all(device, runs, on_kernel, on_run);
    show_tolerances();
    return all;
}

/// Every failure in full, and what to do about it. False when there is none.
bool show_failures(const Device& device, std::span<const Comparison> comparisons) {
    std::size_t failures = 0;
    for (const Comparison& one : comparisons) {
        if (one.passed()) continue;
        if (failures++ == 0) say("\nfailures");
        say("  {}", check::to_string(one));
    }
    const std::uint32_t messages = device.instance().validation_messages();
    if (messages > 0) say("\nthe validation layers have {} complaints; they are in the log", messages);
    if (failures == 0 && messages == 0) {
        say("\nall {} comparisons passed: this device computes what it should", comparisons.size());
        return false;
    }
    if (failures > 0) {
        say("\n{} of {} comparisons FAILED: results of {} cannot be trusted", failures, comparisons.size(),
            device.info().name);
    }
    say("what to do: update the graphics driver; try another device with --device (`shadenet devices` lists\n"
        "them); run again with SHADENET_VALIDATION=1; report it with all of this output");
    return true;
}

std::vector<GoldenRun> all_built_in_runs() {
    std::vector<GoldenRun> runs = built_in_golden();
    for (GoldenRun& run : built_in_golden_networks()) runs.push_back(std::move(run));
    return runs;
}

std::vector<GoldenRun> runs_of(const DoctorFlags& flags) {
    return flags.golden.empty() ? all_built_in_runs() : golden_of(flags.golden);
}

int doctor_alone(const DoctorFlags& flags) {
    const std::vector<GoldenRun> runs = runs_of(flags);
    const auto device = Device::open(flags.device);
    say("{}", device_line(device->info(), device->reason()));
    say("driver: {}", device->info().driver);
    return show_failures(*device, show_all(*device, runs)) ? exit_failure : exit_fine;
}

/// "pass", or what is wrong with this rank's device.
std::string own_verdict(const DoctorFlags& flags) {
    try {
        const std::vector<GoldenRun> runs = runs_of(flags);
        const auto device = Device::open(flags.device);
        const std::vector<Comparison> all = check_all(
            *device, runs, [](std::span<const Comparison>) {},
            [](const GoldenRun&, std::span<const Comparison>) {});
        const auto has_failed = [](const Comparison& one) { return !one.passed(); };
        const auto failures = std::ranges::count_if(all, has_failed);
        if (failures > 0) {
            return fmt::format("{}: {} of {} comparisons, the first is {}", verdict(false), failures,
                               all.size(), check::to_string(*std::ranges::find_if(all, has_failed)));
        }
        const std::uint32_t messages = device->instance().validation_messages();
        return messages == 0
                   ? verdict(true)
                   : fmt::format("{}: {} complaints of the validation layers", verdict(false), messages);
    } catch (const std::exception& error) {
        return fmt::format("{}: {}", verdict(false), error.what());
    }
}

/// Of all ranks, which check at once. All call it.
int check_ranks(const DoctorFlags& flags) {
    Group& group = this_group();
    if (group.leads()) spdlog::info("{} ranks check their devices", group.size());
    const std::vector<RankDevice> devices = devices_of_ranks(group, flags.device);
    const bool has_device = devices[group.rank()].problem.empty();
    std::vector<std::string> verdicts;
    for (Texts& texts : gather_texts(group, {has_device ? own_verdict(flags) : verdict(false)})) {
        verdicts.push_back(std::move(texts.front()));
    }
    if (!group.leads()) return exit_fine;
    say_ranks(devices, "verdict", verdicts);
    const auto failed = std::ranges::count_if(verdicts, [](auto& one) { return one != verdict(true); });
    if (failed == 0) {
        say("\nthe devices of all {} ranks compute what they should", group.size());
        return exit_fine;
    }
    say("\n{} of {} ranks have no device whose results can be trusted\n"
        "what to do: run `shadenet doctor` on such a machine, which tells all about its device",
        failed, group.size());
    return exit_failure;
}

int run_doctor(const DoctorFlags& flags) {
    return this_group().is_alone() ? doctor_alone(flags) : check_ranks(flags);
}

}  // namespace

void add_doctor_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "doctor", "Check that this GPU computes what it should, kernel by kernel",
                    exit_code, run_doctor, check_ranks);
    add_device_flag(command, flags.device);
    add_valued(command, "--golden", flags.golden,
               "recorded training runs to repeat, in place of those built in", "DIR");
}

}  // namespace shadenet
