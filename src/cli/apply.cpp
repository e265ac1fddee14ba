// shadenet apply: a trained filter on pictures.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "apply/shared_pictures.h"
#include "base/error.h"
#include "base/sha256.h"
#include "cli/apply_display.h"
#include "cli/apply_flags.h"
#include "cli/apply_watch.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/open_filter.h"
#include "cli/output.h"
#include "cli/picture_run.h"
#include "cli/rank_devices.h"
#include "image/image.h"
#include "model/classifier.h"
#include "model/safetensors.h"

namespace shadenet {

namespace {

/// One process's part of the work: all of it, or the share of a rank.
class ApplyPart {
  public:
    ApplyPart(const ApplyFlags& flags, SharedPictures& shared) : flags_(flags), shared_(shared) {}

    /// Of rank 0, or of a process alone.
    int lead() {
        decide();
        if (stop_on_interrupt()) return exit_after_interrupt();
        shared_.give(plan_, model_id_);
        return work([&] { make_ready(); });
    }

    int watch() {
        open_model();
        return watch_folders(flags_, model_);
    }

    /// Of another rank.
    int follow() {
        std::string model_of_leader;
        if (!shared_.take(plan_, model_of_leader)) return exit_fine;
        return work([&] {
            open_model();
            if (model_id_ != model_of_leader) {
                throw InputError(fmt::format(
                    "{}: is another model than that of rank 0; give all ranks the same", flags_.model));
            }
            make_ready();
        });
    }

  private:
    void open_model() {
        model_ = read_given_model(flags_.model, flags_.range);
        require_filter(model_, flags_.model);
        use_statistics(model_, flags_.stats, flags_.model);
        for (const std::string& note : model_.notes) spdlog::info("{}", note);
        if (!shared_.group().is_alone()) model_id_ = sha256(read_safetensors_bytes(flags_.model));
    }

    /// What is done, by all ranks.
    void decide() {
        open_model();
        plan_ = plan_application(apply_request_of(flags_));
        if (!flags_.summary.empty()) check_told_file(flags_.summary, "--summary", plan_, flags_.model);
        if (earlier_results_of(flags_) == EarlierResults::refuse) take_finished_jobs();
    }

    void take_finished_jobs() {
        finished_ = take_earlier(flags_.quiet, [&](const OnChecked& tell) {
            return take_finished(plan_.jobs, earlier_results_of(flags_), flags_.model, stop_on_interrupt(),
                                 tell);
        });
    }

    /// All that can be refused.
    void make_ready() {
        if (earlier_results_of(flags_) != EarlierResults::refuse) take_finished_jobs();
        if (stop_on_interrupt()) return;
        if (plan_.single && !plan_.jobs.empty() && !plan_.jobs.front().read)
            image_size(plan_.jobs.front().input);
        say_what_is_left_out(plan_);
        display_.emplace(
            DisplayWords{"written", "filtered"}, plan_.jobs.size() + plan_.problems.size(), flags_.summary,
            flags_.verbose || (plan_.single && !flags_.quiet) ? DisplayDetail::all : DisplayDetail::failures,
            flags_.quiet || !plan_.nothing_taken.empty());
        add_all_else([&](const PictureOutcome& outcome) { add(outcome); }, plan_, finished_);
        if (!plan_.jobs.empty()) filter_.emplace(flags_, model_, rank_lines_);
    }

    void add(const PictureOutcome& outcome) {
        display_->add(outcome);
        if (!shared_.group().leads()) shared_.add(outcome);
    }

    int work(const std::function<void()>& prepare) {
        if (shared_.is_shared()) rank_lines_ = rank_lines(flags_.device);
        if (!shared_.all_ready(prepare)) return exit_fine;
        if (!display_) return exit_after_interrupt();
        if (filter_) {
            filter_->filter(plan_.jobs, plan_.new_results,
                            [&](const PictureOutcome& outcome) { add(outcome); });
        }
        const std::vector<PictureOutcome> of_others = shared_.join();
        return shared_.group().leads() ? finish(of_others) : exit_fine;
    }

    int finish(const std::vector<PictureOutcome>& of_others) {
        for (const PictureOutcome& outcome : of_others) display_->add_told(outcome);
        const bool interrupted = stop_on_interrupt() && display_->count(PictureStatus::not_done) > 0;
        // A single picture that was stopped has left nothing that --resume would look at.
        const EarlierResults earlier = plan_.single ? EarlierResults::resume : earlier_results_of(flags_);
        const bool well = display_->finish(earlier) && plan_.nothing_taken.empty();
        if (interrupted) return exit_after_interrupt();
        return well ? exit_fine : exit_failure;
    }

    const ApplyFlags& flags_;
    SharedPictures& shared_;
    Model model_;
    std::string model_id_;
    ApplyPlan plan_;
    std::vector<ApplyJob> finished_;
    std::vector<std::string> rank_lines_;
    std::optional<ApplyDisplay> display_;
    std::optional<OpenFilter> filter_;
};

/// What one process is to do, and not several.
void check_shared_flags(const ApplyFlags& flags) {
    if (this_group().is_alone()) return;
    if (!flags.shard.empty()) {
        throw InputError(
            fmt::format("--shard {}: {} ranks share the pictures already; leave it out, or run one process",
                        flags.shard, this_group().size()));
    }
    if (flags.watch) {
        throw InputError("--watch is for one process, and these are several ranks; run it without mpirun");
    }
}

int run_apply(const ApplyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    SharedPictures shared(this_group());
    return shared.leave(reported([&] {
        check_shared_flags(flags);
        check_stream_flags(flags);
        if (flags.output == stream_mark) keep_output_for_picture();
        ApplyPart part(flags, shared);
        return flags.watch ? part.watch() : part.lead();
    }));
}

/// Rank 0 talks, and writes the summary.
int follow_apply(const ApplyFlags& flags) {
    ApplyFlags silent = flags;
    silent.quiet = true;
    silent.verbose = false;
    silent.summary.clear();
    set_log_level(silent.verbose, silent.quiet);
    SharedPictures shared(this_group());
    return shared.leave(reported([&] { return ApplyPart(silent, shared).follow(); }));
}

}  // namespace

void add_apply_command(CLI::App& program, int& exit_code) {
    const auto [command, flags] = add_command(program, "apply", "Filter pictures with a trained model",
                                              exit_code, run_apply, follow_apply);
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
