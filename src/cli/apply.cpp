// shadenet apply: a trained filter on pictures.
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "apply/device_stream.h"
#include "apply/spot_check.h"
#include "base/counted.h"
#include "base/error.h"
#include "cli/apply_display.h"
#include "cli/apply_earlier.h"
#include "cli/apply_flags.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/given_model.h"
#include "cli/interrupt.h"
#include "cli/output.h"
#include "cli/text.h"
#include "engine/picture_filter.h"
#include "gpu/device.h"
#include "image/image.h"
#include "image/pairs.h"
#include "model/model_file.h"

namespace shadenet {

namespace {

void announce(const ApplyFlags& flags, const Device& device, const PipelineOptions& options) {
    if (flags.device.empty()) warn_of_software(device.info());
    if (flags.quiet) return;
    if (!flags.stats.empty()) say("statistics {}", flags.stats);
    say_entry("device", device_line(device.info(), device.reason()));
    say("threads    {} reading, {} writing; {} on the device at once", options.loaders, options.savers,
        counted(options.under_way, "picture"));
    say("memory     {} for pictures on their way; a larger one goes alone", bytes_text(options.memory_bytes));
}

/// Filters what is to be filtered. Returns whether it was interrupted.
bool filter_pictures(const ApplyFlags& flags, const Model& model, const ApplyPlan& plan,
                     ApplyDisplay& display) {
    const std::atomic<bool>& stop = stop_on_interrupt();
    PipelineOptions options = pipeline_options_of(flags, std::thread::hardware_concurrency());
    options.colours = model.colours;
    auto device = Device::open(flags.device);
    announce(flags, *device, options);
    CarefulFilter filter(device_streams(std::move(device), flags.device, model, flags.strength),
                         flags.tile == 0 ? default_filter_tile : flags.tile,
                         SpotCheck(model.network, model.parameters, flags.strength),
                         [](const std::string& line) { spdlog::warn("{}", line); });
    make_folders(plan.jobs);
    if (!plan.new_results.empty()) mark_results(plan.new_results);
    remove_unfinished(plan.jobs);
    run_pipeline(
        plan.jobs, options, filter, stop, [&](const PictureOutcome& outcome) { display.add(outcome); },
        [](const std::string& line) { spdlog::warn("{}", line); });
    return stop && display.count(PictureStatus::not_done) > 0;
}

/// Puts the set that was asked for in the place of the model's own statistics.
void use_statistics(Model& model, const ApplyFlags& flags) {
    if (flags.stats.empty()) return;
    if (!has_norm(model.network)) {
        throw InputError(fmt::format(
            "{}: its network has no batch norm, and so no statistics; leave --stats out", flags.model));
    }
    model.parameters = with_statistics(model.parameters, set_named(model.sets, flags.stats, flags.model));
}

/// Before it begins. Where there is nothing to do, that is the last word.
void say_what_is_left_out(const ApplyPlan& plan) {
    for (const std::string& note : plan.notes) spdlog::info("{}", note);
    for (const std::string& warning : plan.warnings) spdlog::warn("{}", warning);
    if (!plan.nothing_taken.empty()) spdlog::error("{}", plan.nothing_taken);
}

int run_apply(const ApplyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    Model model = read_given_model(flags.model, flags.range);
    use_statistics(model, flags);
    for (const std::string& note : model.notes) spdlog::info("{}", note);
    ApplyPlan plan = plan_application(request_of(flags));
    if (!flags.summary.empty()) check_summary(flags.summary, plan, flags.model);
    const std::vector<ApplyJob> finished = take_earlier(flags, plan.jobs);
    if (stop_on_interrupt()) return exit_after_interrupt();
    if (plan.single && !plan.jobs.empty()) image_size(plan.jobs.front().input);
    say_what_is_left_out(plan);
    const bool quiet = flags.quiet || !plan.nothing_taken.empty();

    ApplyDisplay display(plan.jobs.size() + plan.problems.size(), flags.summary,
                         flags.verbose || (plan.single && !flags.quiet), quiet);
    for (const Problem& problem : plan.problems) {
        display.add({.input = problem.path, .status = PictureStatus::failed, .message = problem.message});
    }
    for (const std::filesystem::path& picture : plan.not_taken.pictures()) {
        display.add({.input = picture,
                     .status = PictureStatus::not_taken,
                     .message = fmt::format("{} is not read; convert it to PNG", lower_extension(picture))});
    }
    for (const ApplyJob& job : finished) {
        display.add({.input = job.input, .output = job.output, .status = PictureStatus::skipped});
    }
    const bool interrupted = !plan.jobs.empty() && filter_pictures(flags, model, plan, display);
    const bool well = display.finish(earlier_results_of(flags)) && plan.nothing_taken.empty();
    if (interrupted) return exit_after_interrupt();
    return well ? exit_fine : exit_failure;
}

}  // namespace

void add_apply_command(CLI::App& program, int& exit_code) {
    CLI::App* command = program.add_subcommand("apply", "Filter pictures with a trained model");
    const auto flags = std::make_shared<ApplyFlags>();
    add_apply_flags(*command, *flags);
    command->footer(
        "Examples:\n"
        "  shadenet apply -m grey_filter/model.safetensors -i photos -o filtered -r\n"
        "  shadenet apply -m grey_filter/model.safetensors -i *.jpg -o filtered\n"
        "Ctrl-C finishes what has begun and stops; the same command with --resume goes on");
    command->callback([flags, &exit_code] { exit_code = run_apply(*flags); });
}

}  // namespace shadenet
