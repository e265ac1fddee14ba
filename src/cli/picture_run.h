// What commands that take many pictures through a model do and say alike.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apply/earlier_results.h"
#include "apply/jobs.h"
#include "apply/pipeline.h"
#include "cli/new_file.h"
#include "cli/picture_flags.h"
#include "gpu/device.h"

namespace shadenet {

/// Where the work is done, and by how many: rank 0 says it. `rank_lines`: as say_device() takes them.
void announce_work(const PictureFlags& flags, const Device& device, const PipelineOptions& options,
                   const std::vector<std::string>& rank_lines = {});

/// Before anything is computed: of a file that the user tells the run to write beside its results, and which
/// `flag` names. Throws InputError where it is the model, a picture of the plan, or there already, unless
/// `replaces` and it is of that kind.
void check_told_file(const std::string& file, const char* flag, const Replaceable& kind, bool replaces,
                     const ApplyPlan& plan, const PictureFlags& flags);

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
