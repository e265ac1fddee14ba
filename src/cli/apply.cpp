// shadenet apply: a trained filter on pictures.
#include <vector>

#include <spdlog/spdlog.h>

#include "base/error.h"
#include "cli/apply_display.h"
#include "cli/apply_flags.h"
#include "cli/apply_watch.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/open_filter.h"
#include "cli/output.h"
#include "cli/picture_run.h"
#include "image/image.h"
#include "model/classifier.h"

namespace shadenet {

namespace {

int run_apply(const ApplyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    check_stream_flags(flags);
    if (flags.output == stream_mark) keep_output_for_picture();
    Model model = read_given_model(flags.model, flags.range);
    require_filter(model, flags.model);
    use_statistics(model, flags.stats, flags.model);
    for (const std::string& note : model.notes) spdlog::info("{}", note);
    if (flags.watch) return watch_folders(flags, model);
    ApplyPlan plan = plan_application(apply_request_of(flags));
    if (!flags.summary.empty()) check_told_file(flags.summary, "--summary", plan, flags.model);
    const std::vector<ApplyJob> finished = take_earlier(flags.quiet, [&](const OnChecked& tell) {
        return take_finished(plan.jobs, earlier_results_of(flags), flags.model, stop_on_interrupt(), tell);
    });
    if (stop_on_interrupt()) return exit_after_interrupt();
    if (plan.single && !plan.jobs.empty() && !plan.jobs.front().read) image_size(plan.jobs.front().input);
    say_what_is_left_out(plan);
    const bool quiet = flags.quiet || !plan.nothing_taken.empty();

    ApplyDisplay display(
        {"written", "filtered"}, plan.jobs.size() + plan.problems.size(), flags.summary,
        flags.verbose || (plan.single && !flags.quiet) ? DisplayDetail::all : DisplayDetail::failures, quiet);
    add_all_else([&](const PictureOutcome& outcome) { display.add(outcome); }, plan, finished);
    if (!plan.jobs.empty()) OpenFilter(flags, model).filter(plan.jobs, plan.new_results, display);
    const bool interrupted = stop_on_interrupt() && display.count(PictureStatus::not_done) > 0;
    // A single picture that was stopped has left nothing that --resume would look at.
    const EarlierResults earlier = plan.single ? EarlierResults::resume : earlier_results_of(flags);
    const bool well = display.finish(earlier) && plan.nothing_taken.empty();
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
        "  shadenet apply -m grey_filter/model.safetensors -i - -o - <a.png >b.png\n"
        "  shadenet apply -m grey_filter/model.safetensors -i inbox -o filtered --watch\n"
        "Ctrl-C finishes what has begun and stops; the same command with --resume goes on");
}

}  // namespace shadenet
