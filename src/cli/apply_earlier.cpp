#include "cli/apply_earlier.h"

#include <chrono>
#include <set>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "base/counted.h"
#include "base/temporary_file.h"
#include "cli/interrupt.h"
#include "cli/progress_bar.h"
#include "cli/terminal.h"

namespace shadenet {

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

}  // namespace shadenet
