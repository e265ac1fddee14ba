// study.json: what a study was asked for, and how far it is.
//
// {"format": "shadenet study 1", "name": "placement", "repeats": 3,
//  "variants": [{"settings": [["norm", "none"]], "config": {...}}, ...],
//  "ended": {"norm=none,seed=0": "finished", ...}, "failed": {"norm=before,seed=0": "why", ...}}
// where a config is that of the variant's first repeat, as config.json has it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "study/study_plan.h"

namespace shadenet {

/// Diverged: its loss became something that is no number. Failed: this run cannot be made here as it is, for
/// want of memory above all.
enum class RunState { waiting, unfinished, finished, diverged, failed };

std::string to_string(RunState state);

struct StudyRecord {
    StudyPlan plan;
    /// Of the runs that are finished or diverged, by their names.
    std::map<std::string, RunState> ended;
    /// Why others have failed. These are tried again.
    std::map<std::string, std::string> failed{};
};

std::filesystem::path study_file(const std::filesystem::path& folder);

/// Whether the folder has a study.json.
bool holds_study(const std::filesystem::path& folder);

/// Throws InputError when a folder's name is not UTF-8, WorkError when it cannot be written.
void write_study(const StudyRecord& record);

/// The plan's folder is `folder`, wherever it has been moved to. Throws InputError "<path>: ..." when there
/// is no study, and for what write_study() has not written.
StudyRecord read_study(const std::filesystem::path& folder);

}  // namespace shadenet
