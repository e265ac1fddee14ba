// What to do about results that are already there.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "apply/jobs.h"

namespace shadenet {

enum class EarlierResults { refuse, resume, overwrite };

/// Takes out of `jobs` those whose result is whole and no older than its source and the model, when resuming,
/// and returns them. Throws InputError, naming the first, when there are results and they are neither to be
/// kept nor overwritten.
std::vector<ApplyJob> take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                                    const std::filesystem::path& model);

/// True for a picture file that begins and ends as its format does. Looks at its ends only.
bool is_whole(const std::filesystem::path& path);

/// Removes the temporary files that a killed run left for these results; returns how many.
std::size_t remove_abandoned(const std::vector<ApplyJob>& jobs);

}  // namespace shadenet
