// shadenet apply: a trained filter on pictures.
#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "apply/device_stream.h"
#include "apply/spot_check.h"
#include "base/counted.h"
#include "base/error.h"
#include "base/temporary_file.h"
#include "cli/apply_display.h"
#include "cli/apply_flags.h"
#include "cli/commands.h"
#include "cli/device_text.h"
#include "cli/given_model.h"
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

/// What killed runs have left among the results: removed where that is sure, and said.
void remove_unfinished(const std::vector<ApplyJob>& jobs) {
    std::set<std::filesystem::path> folders;
    for (const ApplyJob& job : jobs) {
        folders.insert(job.output.has_parent_path() ? job.output.parent_path() : ".");
    }
    AbandonedFiles all;
    std::filesystem::path first;
    for (const std::filesystem::path& folder : folders) {
        const AbandonedFiles files = remove_abandoned(folder);
        all.removed += files.removed;
        if (all.left == 0 && files.left > 0) first = folder;
        all.left += files.left;
    }
    if (all.removed > 0) {
        spdlog::info("{} of a run that was killed removed", counted(all.removed, "unfinished file"));
    }
    if (all.left > 0) {
        spdlog::info("{}: {} left, which another computer may be writing; if none is, remove {}",
                     first.string(), counted(all.left, "unfinished file"),
                     (first / ".shadenet-*.tmp").string());
    }
}

/// Takes the finished results out of the jobs when resuming, and returns them; shows how far it is. Throws as
/// take_finished() does.
std::vector<ApplyJob> take_earlier(const ApplyFlags& flags, std::vector<ApplyJob>& jobs) {
    using Clock = std::chrono::steady_clock;
    constexpr auto interval = std::chrono::seconds(15);
    ProgressBar bar(!flags.quiet);
    auto last_line = Clock::now();
    const auto tell = [&](std::size_t checked, std::size_t results) {
        const std::string text = fmt::format("{} of {} checked", checked, counted(results, "earlier result"));
        bar.show(static_cast<double>(checked), static_cast<double>(results), text);
        if (redraws_lines() || Clock::now() - last_line < interval) return;
        last_line = Clock::now();
        spdlog::info("{}", text);
    };
    EarlierFindings findings =
        take_finished(jobs, earlier_results_of(flags), flags.model, stop_on_interrupt(), tell);
    bar.clear();
    if (findings.damaged > 0) {
        spdlog::info("{} damaged or of another size than the picture; made anew",
                     findings.damaged == 1 ? "1 earlier result is"
                                           : fmt::format("{} earlier results are", findings.damaged));
    }
    return std::move(findings.finished);
}

/// Filters what is to be filtered. Returns whether it was interrupted.
bool filter_pictures(const ApplyFlags& flags, const Model& model, const ApplyPlan& plan,
                     ApplyDisplay& display) {
    const std::atomic<bool>& stop = stop_on_interrupt();
    const auto warn = [](const std::string& line) { spdlog::warn("{}", line); };
    PipelineOptions options = pipeline_options_of(flags, std::thread::hardware_concurrency());
    options.colours = model.colours;
    auto device = Device::open(flags.device);
    announce(flags, *device, options);
    CarefulFilter filter(device_streams(std::move(device), flags.device, model, flags.strength),
                         flags.tile == 0 ? default_filter_tile : flags.tile,
                         SpotCheck(model.network, model.parameters, flags.strength), warn);
    make_folders(plan.jobs);
    if (!plan.new_results.empty()) mark_results(plan.new_results);
    remove_unfinished(plan.jobs);
    run_pipeline(
        plan.jobs, options, filter, stop, [&](const PictureOutcome& outcome) { display.add(outcome); }, warn);
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
    const auto [command, flags] =
        add_command(program, "apply", "Filter pictures with a trained model", exit_code, run_apply);
    add_apply_flags(command, flags);
    command.footer(
        "Examples:\n"
        "  shadenet apply -m grey_filter/model.safetensors -i photos -o filtered -r\n"
        "  shadenet apply -m grey_filter/model.safetensors -i *.jpg -o filtered\n"
        "Ctrl-C finishes what has begun and stops; the same command with --resume goes on");
}

}  // namespace shadenet
