// What to do about results that already exist.
#pragma once

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <vector>

#include "apply/jobs.h"

namespace shadenet {

enum class EarlierResults { refuse, resume, overwrite };

struct EarlierFindings {
    std::vector<ApplyJob> finished;  ///< taken out of the jobs
    std::size_t damaged = 0;         ///< new enough, but incomplete: these stay among the jobs
};

/// Progress of the check; called now and then, on the calling thread.
using OnChecked = std::function<void(std::size_t checked, std::size_t results)>;

enum class ResultState : char { to_do, finished, damaged };

class MemoryBudget;

/// Where the results of jobs lie, and what they are.
struct EarlierLook {
    /// The result of a job; empty where there is none.
    std::function<std::filesystem::path(const ApplyJob&)> there;
    /// In several threads at once, each with other jobs.
    std::function<ResultState(ApplyJob&, MemoryBudget&)> state;
};

/// When resuming, removes the jobs whose result is finished. All processors look; once `stop` is true,
/// unchecked results stay in `jobs`. When refusing, throws InputError, which names the first result, if there
/// are results.
EarlierFindings take_earlier_results(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                                     const EarlierLook& look, const std::atomic<bool>& stop,
                                     const OnChecked& on_checked);

/// The same for pictures as results, at the jobs' outputs. A job is finished if its result is newer than its
/// source and the model, has the format that its name tells and the size of its source, and is decoded
/// without error. A result of the same time does not count: with coarse times nobody knows which file came
/// first.
EarlierFindings take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                              const std::filesystem::path& model, const std::atomic<bool>& stop,
                              const OnChecked& on_checked = {});

}  // namespace shadenet
