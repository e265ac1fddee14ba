// What to do about results that are already there.
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
    std::size_t damaged = 0;         ///< new enough, but not the whole picture: these stay among the jobs
};

/// How many of the results are checked; called on the calling thread now and then.
using OnChecked = std::function<void(std::size_t checked, std::size_t results)>;

/// When resuming, takes out of `jobs` those whose result is finished: newer than its source and the model, of
/// the format that its name says and the size of its source, and decoded without fault to its end. Files of
/// one and the same time are not taken for finished: where times are coarse, nobody knows which was first.
/// All processors decode; once `stop` is true, what is unchecked stays in `jobs`. Throws InputError, naming
/// the first, when there are results and they are neither to be kept nor overwritten.
EarlierFindings take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                              const std::filesystem::path& model, const std::atomic<bool>& stop,
                              const OnChecked& on_checked = {});

}  // namespace shadenet
