// shadenet train: learns a filter from pairs of pictures, or classes from labelled ones.
#include <atomic>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/rank_devices.h"
#include "cli/shown_tuner.h"
#include "cli/text.h"
#include "cli/train_display.h"
#include "cli/train_flags.h"
#include "gpu/device.h"
#include "group/group.h"
#include "report/report.h"
#include "train/run.h"
#include "train/run_folder.h"
#include "train/shared_job.h"

namespace shadenet {

namespace {

/// A run is worth more than its report, which can be made again: a failure is said, and no more.
bool has_report(const TrainOptions& options) {
    try {
        write_report(options.output);
        return true;
    } catch (const std::exception& error) {
        spdlog::warn("no report was written: {}; make it by `shadenet report {}`", error.what(),
                     shell_quoted(options.output));
        return false;
    }
}

void tell_of_exchanges(const Group& group) {
    const Exchanges& all = group.exchanges();
    if (group.is_alone() || all.calls == 0) return;
    say_entry("ranks",
              fmt::format("{}; {} exchanges of {} bytes in the mean took {:.3g} ms each, waiting for slower "
                          "ranks included",
                          group.size(), all.calls, all.bytes / all.calls,
                          1e3 * all.seconds / static_cast<double>(all.calls)));
}

int run_train(const TrainFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    const std::vector<std::string> lines = rank_lines(flags.device);
    SharedJob job(this_group());
    const TrainOptions options = resolve(flags);
    const auto device = Device::open(flags.device);
    TrainDisplay display(options, *device, {flags.quiet, flags.verbose, !flags.device.empty(), lines});
    const std::atomic<bool>& stop = stop_on_interrupt();
    const ShownTuner tuner(!flags.no_tune, flags.quiet, &stop);
    const auto choose_tiles = [&](const Device& used, const Network& network, PlanKind plan,
                                  const Shape& batch) { return tuner.choose(used, network, plan, batch); };
    const RunEnd end = run_training(*device, options, display, stop, choose_tiles, nullptr, &job);
    display.summary(end, display.has_started() && has_report(options));
    tell_of_exchanges(this_group());
    return end == RunEnd::stopped ? exit_after_interrupt() : exit_fine;
}

/// Rank 0 decides when a run stops: signals, which all ranks get, are to end none of the others.
int follow_train(const TrainFlags& flags) {
    stop_on_interrupt();
    rank_lines(flags.device);
    follow_job(this_group(), flags.device);
    return exit_fine;
}

}  // namespace

void add_train_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] = add_command(
        program, "train", "Learn a filter from pictures before and after it, or classes from examples",
        exit_code, run_train, follow_train);
    add_train_flags(command, flags);
    command.footer(
        "Example:\n"
        "  shadenet train --input photos --target photos_in_grey --output grey_filter\n"
        "Labelled pictures (IDX as MNIST, CIFAR, or a folder for each class) teach a\n"
        "network to tell classes:\n"
        "  shadenet train --data mnist --network mlp --output digits\n"
        "Several kinds of pictures share the weights and keep their own statistics; the\n"
        "model, validation and test have the first's:\n"
        "  --stream day=DIR:DIR --stream night=DIR:DIR\n"
        "Ctrl-C saves and stops; go on with\n"
        "  shadenet train --resume --output grey_filter");
}

}  // namespace shadenet
