// What commands that take many pictures through a model do and say alike.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apply/earlier_results.h"
#include "apply/jobs.h"
#include "apply/pipeline.h"
#include "cli/picture_flags.h"
#include "gpu/device.h"

namespace shadenet {

/// Where the work is done, and by how many: rank 0 says it. `rank_lines`: as say_device() takes them.
void announce_work(const PictureFlags& flags, const Device& device, const PipelineOptions& options,
                   const std::vector<std::string>& rank_lines = {});

/// What killed runs have left in these folders: removed where that is sure, and said.
void remove_unfinished(const std::vector<std::filesystem::path>& folders);

/// The results that `take` takes out of the jobs; shows how far it is, and says how many are damaged. Throws
/// as it does.
std::vector<ApplyJob> take_earlier(bool quiet, const std::function<EarlierFindings(const OnChecked&)>& take);

/// Before it begins. Where there is nothing to do, that is the last word.
void say_what_is_left_out(const ApplyPlan& plan);

/// Pictures and folders that the work will not see.
void add_all_else(const OnOutcome& tell, const ApplyPlan& plan, const std::vector<ApplyJob>& finished);

}  // namespace shadenet
