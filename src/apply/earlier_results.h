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

/// When resuming, removes the jobs whose result is finished: newer than its source and the model, in the
/// format that its name tells, of its source's size, and decoded without error. A result of the same time
/// does not count as finished: with coarse times nobody knows which file came first. All processors decode;
/// once `stop` is true, unchecked results stay in `jobs`. When refusing, throws InputError, which names the
/// first result, if there are results.
EarlierFindings take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                              const std::filesystem::path& model, const std::atomic<bool>& stop,
                              const OnChecked& on_checked = {});

}  // namespace shadenet
