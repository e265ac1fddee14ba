// A whole study with its folder: what `shadenet study` does, without a word about terminals.
#pragma once

#include <atomic>
#include <cstddef>
#include <string>

#include "study/results.h"
#include "train/run.h"

namespace shadenet {

/// Told what happens, of the run at hand also as a RunObserver; called on the thread that runs.
class StudyObserver : public RunObserver {
  public:
    /// Run `index` of `count` is next, from 0.
    virtual void on_run(const StudyRun& run, std::size_t index, std::size_t count) = 0;
    /// It is over, or was so before; `message` says why it diverged or failed.
    virtual void on_run_end(const RunResult& result, const std::string& message) = 0;
};

/// Makes the runs of the plan one after the other, each in a folder of its own in the study's, with
/// health.json, quality.json and report.html, and leaves there study.json, summary.csv, study.html and
/// loss.svg, all of them renewed after every run. A run whose numbers become infinite is noted as diverged,
/// and one that cannot be made as it is, for want of memory, a limit of the device or a size that its
/// pictures do not have, as failed; the study goes on. When `stop` becomes true the run at hand is saved and
/// RunEnd::stopped returned.
///
/// Throws InputError when the plan is refused by validate() or the folder holds a study or a run already,
/// when the first run is refused and when the pictures can no longer be read, and what else run_training()
/// throws, as for a lost device or a full disk; what is done stays, and resume_study() goes on.
RunEnd run_study(const Device& device, const StudyPlan& plan, StudyObserver& observer,
                 const std::atomic<bool>& stop, const TileChooser& choose_tiles = {});

/// Goes on with what read_study() gave: runs that have ended are kept, one that has begun is resumed, one
/// that has failed is tried again, and the files are in the end those of a study that was never stopped, but
/// for its seconds. With more repeats in the plan than before these are added.
RunEnd resume_study(const Device& device, const StudyRecord& record, StudyObserver& observer,
                    const std::atomic<bool>& stop, const TileChooser& choose_tiles = {});

}  // namespace shadenet
