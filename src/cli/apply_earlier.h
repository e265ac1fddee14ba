// What `shadenet apply` says and does about results and unfinished files of earlier runs.
#pragma once

#include <vector>

#include "cli/apply_flags.h"

namespace shadenet {

/// Takes the finished results out of the jobs when resuming, and returns them; shows how far it is. Throws as
/// take_finished() does.
std::vector<ApplyJob> take_earlier(const ApplyFlags& flags, std::vector<ApplyJob>& jobs);

/// What killed runs have left among the results: removed where that is sure, and said.
void remove_unfinished(const std::vector<ApplyJob>& jobs);

}  // namespace shadenet
