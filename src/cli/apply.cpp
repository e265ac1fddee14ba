// shadenet apply: a trained filter on pictures.
#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <spdlog/spdlog.h>

#include "apply/device_stream.h"
#include "apply/picture_bands.h"
#include "apply/spot_check.h"
#include "base/error.h"
#include "cli/apply_display.h"
#include "cli/apply_flags.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/output.h"
#include "cli/picture_run.h"
#include "engine/picture_filter.h"
#include "gpu/device.h"
#include "image/image.h"
#include "model/classifier.h"

namespace shadenet {

namespace {

/// The folders that results go to.
std::vector<std::filesystem::path> result_folders(const std::vector<ApplyJob>& jobs) {
    std::set<std::filesystem::path> folders;
    for (const ApplyJob& job : jobs) {
        folders.insert(job.output.has_parent_path() ? job.output.parent_path() : ".");
    }
    return {folders.begin(), folders.end()};
}

/// Pictures go in bands that would have much of the memory for themselves.
BandOptions large_pictures(const Network& network, std::uint64_t memory_bytes) {
    constexpr std::uint64_t most = std::uint64_t{1} << 29;
    return {.from_bytes = std::min(memory_bytes / 4, most), .reach = receptive_radius(network)};
}

/// Filters what is to be filtered. Returns whether it was interrupted.
bool filter_pictures(const ApplyFlags& flags, const Model& model, const ApplyPlan& plan,
                     ApplyDisplay& display) {
    const std::atomic<bool>& stop = stop_on_interrupt();
    const auto warn = [](const std::string& line) { spdlog::warn("{}", line); };
    const PipelineOptions options =
        pipeline_options_of(flags, default_pipeline_options(std::thread::hardware_concurrency()));
    auto device = Device::open(flags.device);
    announce_work(flags, *device, options);
    CarefulFilter filter(device_streams(std::move(device), flags.device, model, flags.strength),
                         flags.tile == 0 ? default_filter_tile : flags.tile,
                         SpotCheck(model.network, model.parameters, flags.strength), warn);
    make_folders(plan.jobs);
    if (!plan.new_results.empty()) mark_results(plan.new_results);
    remove_unfinished(result_folders(plan.jobs));
    ResultOptions results = result_options_of(flags, model.colours);
    results.bands = large_pictures(model.network, options.memory_bytes);
    FilterStages stages(filter, std::move(results));
    run_pipeline(
        plan.jobs, options, stages, stop, [&](const PictureOutcome& outcome) { display.add(outcome); }, warn);
    return stop && display.count(PictureStatus::not_done) > 0;
}

int run_apply(const ApplyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    Model model = read_given_model(flags.model, flags.range);
    require_filter(model, flags.model);
    use_statistics(model, flags.stats, flags.model);
    for (const std::string& note : model.notes) spdlog::info("{}", note);
    ApplyPlan plan = plan_application(apply_request_of(flags));
    if (!flags.summary.empty()) check_told_file(flags.summary, "--summary", plan, flags.model);
    const std::vector<ApplyJob> finished = take_earlier(flags.quiet, [&](const OnChecked& tell) {
        return take_finished(plan.jobs, earlier_results_of(flags), flags.model, stop_on_interrupt(), tell);
    });
    if (stop_on_interrupt()) return exit_after_interrupt();
    if (plan.single && !plan.jobs.empty()) image_size(plan.jobs.front().input);
    say_what_is_left_out(plan);
    const bool quiet = flags.quiet || !plan.nothing_taken.empty();

    ApplyDisplay display({"written", "filtered"}, plan.jobs.size() + plan.problems.size(), flags.summary,
                         flags.verbose || (plan.single && !flags.quiet), quiet);
    add_all_else([&](const PictureOutcome& outcome) { display.add(outcome); }, plan, finished);
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
