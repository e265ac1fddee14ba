#include "cli/picture_run.h"

#include <chrono>
#include <utility>

#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "base/temporary_file.h"
#include "cli/device_text.h"
#include "cli/output.h"
#include "cli/progress_bar.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "group/group.h"

namespace shadenet {

void announce_work(const PictureFlags& flags, const Device& device, const PipelineOptions& options,
                   const std::vector<std::string>& rank_lines) {
    if (!this_group().leads()) return;
    if (flags.device.empty()) warn_of_software(device.info());
    if (flags.quiet) return;
    if (!flags.stats.empty()) say("statistics {}", flags.stats);
    say_device(rank_lines, device);
    say("threads    {} reading, {} writing; {} on the device at once", options.loaders, options.savers,
        counted(options.under_way, "picture"));
    say("memory     {} for pictures on their way; a larger one goes alone", bytes_text(options.memory_bytes));
}

void check_told_file(const std::string& file, const char* flag, const Replaceable& kind, bool replaces,
                     const ApplyPlan& plan, const PictureFlags& flags) {
    if (file.empty()) return;
    check_told_file(file, flag, plan, flags.model);
    check_new_file(file, flag, replaces, kind);
}

void remove_unfinished(const std::vector<std::filesystem::path>& folders) {
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

std::vector<ApplyJob> take_earlier(bool quiet, const std::function<EarlierFindings(const OnChecked&)>& take) {
    using Clock = std::chrono::steady_clock;
    constexpr auto interval = std::chrono::seconds(15);
    ProgressBar bar(!quiet);
    auto last_line = Clock::now();
    const auto tell = [&](std::size_t checked, std::size_t results) {
        const std::string text = fmt::format("{} of {} checked", checked, counted(results, "earlier result"));
        bar.show(static_cast<double>(checked), static_cast<double>(results), text);
        if (redraws_lines() || Clock::now() - last_line < interval) return;
        last_line = Clock::now();
        spdlog::info("{}", text);
    };
    EarlierFindings findings = take(tell);
    bar.clear();
    if (findings.damaged > 0) {
        spdlog::info("{} damaged or of another size than the picture; made anew",
                     findings.damaged == 1 ? "1 earlier result is"
                                           : fmt::format("{} earlier results are", findings.damaged));
    }
    return std::move(findings.finished);
}

void say_what_is_left_out(const ApplyPlan& plan) {
    for (const std::string& note : plan.notes) spdlog::info("{}", note);
    for (const std::string& warning : plan.warnings) spdlog::warn("{}", warning);
    if (!plan.nothing_taken.empty()) spdlog::error("{}", plan.nothing_taken);
}

void add_all_else(const OnOutcome& tell, const ApplyPlan& plan, const std::vector<ApplyJob>& finished) {
    for (const Problem& problem : plan.problems) {
        tell({.input = problem.path, .status = PictureStatus::failed, .message = problem.message});
    }
    for (const std::filesystem::path& picture : plan.not_taken.pictures()) {
        tell({.input = picture, .status = PictureStatus::not_taken, .message = not_read_message(picture)});
    }
    for (const ApplyJob& job : finished) {
        tell({.input = job.input, .output = job.output, .status = PictureStatus::skipped});
    }
}

}  // namespace shadenet
