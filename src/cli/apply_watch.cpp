#include "cli/apply_watch.h"

#include <chrono>
#include <iterator>
#include <optional>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

#include "apply/folder_watch.h"
#include "base/counted.h"
#include "base/error.h"
#include "cli/apply_display.h"
#include "cli/commands.h"
#include "cli/open_filter.h"
#include "cli/output.h"
#include "cli/picture_run.h"
#include "cli/text.h"

namespace shadenet {

namespace {

constexpr auto interval = std::chrono::seconds(1);

void wait_for_next_look() {
    const auto end = std::chrono::steady_clock::now() + interval;
    while (!stop_on_interrupt() && std::chrono::steady_clock::now() < end) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

class Watching {
  public:
    Watching(const ApplyFlags& flags, const Model& model)
        : flags_(flags),
          watch_(apply_request_of(flags)),
          display_({"written", "filtered"}, 0, flags.summary,
                   flags.quiet     ? DisplayDetail::failures
                   : flags.verbose ? DisplayDetail::all
                                   : DisplayDetail::results,
                   flags.quiet),
          filter_(flags, model) {
        say_what_is_left_out(watch_.plan());
        if (flags.quiet) return;
        say("watching   {}; Ctrl-C ends",
            flags.inputs.size() == 1 ? shown(flags.inputs.front()) : counted(flags.inputs.size(), "folder"));
    }

    int run() {
        while (!stop_on_interrupt() && display_.count(PictureStatus::not_done) == 0) {
            if (std::optional<Arrivals> arrivals = look()) take(std::move(*arrivals));
            wait_for_next_look();
        }
        const bool well = display_.finish("the same command goes on");
        if (stop_on_interrupt() && display_.count(PictureStatus::not_done) > 0) return exit_after_interrupt();
        return well ? exit_fine : exit_failure;
    }

  private:
    /// None when a folder cannot be read now, which is said once.
    std::optional<Arrivals> look() {
        try {
            std::optional<Arrivals> arrivals = watch_.look();
            trouble_.clear();
            return arrivals;
        } catch (const InputError& error) {
            if (trouble_ != error.what()) spdlog::warn("{}; watching on", error.what());
            trouble_ = error.what();
            return std::nullopt;
        }
    }

    void take(Arrivals arrivals) {
        for (const PictureOutcome& outcome : arrivals.others) tell(outcome);
        std::vector<ApplyJob> jobs = std::move(arrivals.there);
        const std::vector<ApplyJob> finished = take_earlier(flags_.quiet, [&](const OnChecked& on_checked) {
            return take_finished(jobs, EarlierResults::resume, flags_.model, stop_on_interrupt(), on_checked);
        });
        for (const ApplyJob& job : finished)
            tell({.input = job.input, .output = job.output, .status = PictureStatus::skipped});
        std::move(arrivals.arrived.begin(), arrivals.arrived.end(), std::back_inserter(jobs));
        if (jobs.empty()) return;
        display_.expect(jobs.size());
        filter_.filter(jobs, watch_.plan().new_results,
                       [&](const PictureOutcome& outcome) { display_.add(outcome); });
        display_.rest();
    }

    void tell(const PictureOutcome& outcome) {
        if (outcome.status == PictureStatus::failed) display_.expect(1);
        display_.add(outcome);
    }

    const ApplyFlags& flags_;
    FolderWatch watch_;
    ApplyDisplay display_;
    OpenFilter filter_;
    std::string trouble_;  ///< what was said last of folders that cannot be read
};

void check_watch(const ApplyFlags& flags) {
    if (flags.output == stream_mark) {
        throw InputError(
            "--output - is for one picture, and --watch waits for many; let --output be a folder");
    }
    if (flags.overwrite) {
        throw InputError(
            "--overwrite would make all anew, and --watch makes what is missing or out of date; leave one of "
            "them out");
    }
}

}  // namespace

int watch_folders(const ApplyFlags& flags, const Model& model) {
    check_watch(flags);
    stop_on_interrupt();
    // A watch goes on with what an earlier one has left.
    check_told_file(flags.summary, "--summary", summary_file, true, {}, flags);
    return Watching(flags, model).run();
}

}  // namespace shadenet
