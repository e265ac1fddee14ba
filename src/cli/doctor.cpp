// shadenet doctor: whether this device and its driver compute what they should.
#include <algorithm>
#include <exception>
#include <span>
#include <utility>
#include <vector>

#include "check/golden_check.h"
#include "check/suite.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/help.h"
#include "cli/output.h"
#include "gpu/device.h"

namespace shadenet {

namespace {

using check::Comparison;

struct DoctorFlags {
    std::string device, golden;
};

const char* verdict(bool passed) {
    return passed ? "pass" : "FAIL";
}

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

/// Runs the kernels' checks, with a line for each as it ends.
std::vector<Comparison> check_kernels(const Device& device) {
    say("\n{:<29} {:<58} {:>9} {:>15}", "kernel", "case", "error", "tolerance");
    std::vector<Comparison> all;
    for (const check::Check& one : check::kernel_checks()) {
        const auto found = found_by(one.name, [&] { return one.run(device); });
        for (const Comparison& worst : check::worst_of_each(found)) show_kernel(worst);
        all.insert(all.end(), found.begin(), found.end());
    }
    return all;
}

/// Repeats recorded training runs, with a line for each.
std::vector<Comparison> check_runs(const Device& device, std::span<const GoldenRun> runs) {
    say("\nTraining runs recorded in float64 by another framework; the worst error of each, and by how many "
        "the\n"
        "right answers of a classifier differ:\n");
    say("{:<20} {:>9} {:>9} {:>9} {:>10} {:>9} {:>8}", "run", "loss", "gradient", "moving", "parameters",
        "output", "answers");
    std::vector<Comparison> all;
    for (const GoldenRun& run : runs) {
        const auto found = found_by(run.name, [&] { return check::check_golden(device, run); });
        const std::vector<Comparison> worst = check::worst_of_each(found);
        const auto error = [&](const char* group) {
            const auto one = std::ranges::find(worst, group, &Comparison::kernel);
            return one == worst.end() ? std::string("-") : fmt::format("{:.1e}", check::figure(*one).error);
        };
        say("{:<20} {:>9} {:>9} {:>9} {:>10} {:>9} {:>8}  {}", run.name, error("loss"), error("gradient"),
            error("moving"), error("final"), error("output"), error("answers"),
            verdict(check::all_passed(found)));
        all.insert(all.end(), found.begin(), found.end());
    }
    say("{:<20} {:>9.0e} {:>9.0e} {:>9.0e} {:>10.0e} {:>9.0e} {:>8}", "tolerance",
        check::tolerance::loss.of_element, check::tolerance::gradient.nmse,
        check::tolerance::golden_parameters.absolute, check::tolerance::golden_parameters.absolute,
        check::tolerance::golden_output.absolute, "exact");
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

int run_doctor(const DoctorFlags& flags) {
    const std::vector<GoldenRun> runs = flags.golden.empty() ? all_built_in_runs() : golden_of(flags.golden);
    const auto device = Device::open(flags.device);
    say("{}", device_line(device->info(), device->reason()));
    say("driver: {}", device->info().driver);
    std::vector<Comparison> all = check_kernels(*device);
    const std::vector<Comparison> trained = check_runs(*device, runs);
    all.insert(all.end(), trained.begin(), trained.end());
    return show_failures(*device, all) ? exit_failure : exit_fine;
}

}  // namespace

void add_doctor_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] =
        add_command(program, "doctor", "Check that this GPU computes what it should, kernel by kernel",
                    exit_code, run_doctor);
    add_device_flag(command, flags.device);
    add_valued(command, "--golden", flags.golden,
               "recorded training runs to repeat, in place of those built in", "DIR");
}

}  // namespace shadenet
