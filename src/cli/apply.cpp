// shadenet apply: a trained filter on pictures.
#include <optional>
#include <string>
#include <vector>

#include <spdlog/spdlog.h>

#include "apply/shared_pictures.h"
#include "base/error.h"
#include "cli/apply_display.h"
#include "cli/apply_flags.h"
#include "cli/apply_watch.h"
#include "cli/commands.h"
#include "cli/given_model.h"
#include "cli/open_filter.h"
#include "cli/output.h"
#include "cli/picture_part.h"
#include "cli/picture_run.h"
#include "model/classifier.h"

namespace shadenet {

namespace {

class ApplyPart : public PicturePart {
  public:
    ApplyPart(const ApplyFlags& flags, SharedPictures& shared)
        : PicturePart(flags, shared, {"written", "filtered"}), flags_(flags) {}

    int watch() {
        open_model();
        return watch_folders(flags_, model());
    }

  private:
    Model read_model() override {
        Model model = read_given_model(flags_.model, flags_.range);
        require_filter(model, flags_.model);
        use_statistics(model, flags_.stats, flags_.model);
        for (const std::string& note : model.notes) spdlog::info("{}", note);
        return model;
    }

    ApplyPlan make_plan() override {
        ApplyPlan plan = plan_application(apply_request_of(flags_));
        const bool replaces = earlier_results_of(flags_) != EarlierResults::refuse;
        check_told_file(flags_.summary, "--summary", summary_file, replaces, plan, flags_);
        return plan;
    }

    EarlierFindings take_finished(std::vector<ApplyJob>& jobs, const OnChecked& tell) override {
        return shadenet::take_finished(jobs, earlier_results_of(flags_), flags_.model, stop_on_interrupt(),
                                       tell);
    }

    DisplayDetail detail() const override {
        const bool all = flags_.verbose || (plan().single && !flags_.quiet);
        return all ? DisplayDetail::all : DisplayDetail::failures;
    }

    void open_device(const std::vector<std::string>& rank_lines) override {
        filter_.emplace(flags_, model(), rank_lines);
    }

    void work_on(const std::vector<ApplyJob>& jobs, const OnOutcome& on_outcome) override {
        filter_->filter(jobs, plan().new_results, on_outcome);
    }

    const ApplyFlags& flags_;
    std::optional<OpenFilter> filter_;
};

int run_apply(const ApplyFlags& flags) {
    set_log_level(flags.verbose, flags.quiet);
    SharedPictures shared(this_group());
    return shared.leave(reported([&] {
        check_shard_flag(flags);
        if (flags.watch && !this_group().is_alone()) {
            throw InputError(
                "--watch is for one process, and these are several ranks; run it without mpirun");
        }
        check_stream_flags(flags);
        if (flags.output == stream_mark) keep_output_for_picture();
        ApplyPart part(flags, shared);
        return flags.watch ? part.watch() : part.lead();
    }));
}

int follow_apply(const ApplyFlags& flags) {
    set_log_level(false, true);
    SharedPictures shared(this_group());
    return shared.leave(reported([&] { return ApplyPart(flags, shared).follow(); }));
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
