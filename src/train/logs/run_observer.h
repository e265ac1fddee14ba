// What a run tells while it is at work. Its logs and its front end are observers of one kind.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/learning/training_plan.h"
#include "engine/plan_choice.h"
#include "model/named_statistics.h"
#include "model/parameters.h"
#include "task/task.h"
#include "train/logs/records.h"
#include "train/options/early_stop.h"
#include "train/options/options.h"

namespace shadenet {

class Examples;
class PictureSet;
struct Floor;
struct Solution;

/// What a run's files begin with.
struct RunBegin {
    const Parameters& parameters;  ///< as they are now
    bool resumed;
    std::uint32_t epochs_done;  ///< above 0 only when resumed
    std::uint64_t steps_done;
    std::uint32_t steps_per_epoch;
    std::vector<std::string>& notes;  ///< to be said once the run has started
};

/// What is known before the first step.
struct RunStart {
    const Parameters& parameters;  ///< with shapes and which are trainable
    TaskCounts counts;
    std::uint32_t width, height;  ///< of what is learned from: the training pictures, or crops of them
    std::uint32_t crops;          ///< of every training pair in an epoch; 0: they are learned from whole
    std::uint32_t steps_per_epoch;
    std::uint32_t epochs_done;  ///< above 0 when resumed
    PlanChoice plan;
    FeatureMapMemory feature_maps;            ///< of a step
    const TrainOptions& options;              ///< with what a resumed run takes over, and a schedule's steps
    std::vector<std::uint32_t> domain_pairs;  ///< of each domain of the options
    std::optional<BestValidation> best;       ///< of a resumed run that may end early
};

/// "8 pairs of 512 x 512, 2 for validation, 3 to test on", "80 pictures of 28 x 28 in 10 classes, ...".
std::string pictures_text(const RunStart& start);

/// What a finished run has come to, while its pictures are still in memory; the trainer is there no
/// longer.
struct RunResults {
    const TrainOptions& options;                  ///< as trained with
    const Parameters& parameters;                 ///< of the model
    const std::vector<NamedStatistics>& domains;  ///< of each its statistics; none where there are no domains
    const Examples& examples;                     ///< that were learned from
    std::optional<PairSets> pairs;            ///< the whole pictures of them; none where they are no pairs
    std::uint64_t steps;                      ///< done in all
    std::vector<std::uint64_t> norm_updates;  ///< Trainer::norm_updates()
    bool norms_frozen;                        ///< in the last step
    const std::atomic<bool>& stop;            ///< what takes its time is to end soon after it is true
    std::vector<std::string> classes{};       ///< their names; none where examples are pairs
    bool exact_statistics = false;            ///< exact ones have taken the place of the moving statistics
};

/// Told what happens; called on the thread that runs. The run's logs come first, and the front end last.
class RunObserver : public TaskObserver {
  public:
    /// Something read sensibly that is worth a word, once: "3 pictures have an alpha channel, which is
    /// ignored".
    virtual void on_note(const std::string& /*note*/) {}
    /// The same of what the user must not miss: pictures that are not learned from.
    virtual void on_warning(const std::string& /*warning*/) {}
    /// The run's files are to be begun or gone on with; config.json is written after that.
    virtual void on_begin(const RunBegin&) {}
    /// Before on_start(), while the floor is found: so many pairs are done. May take as long as some epochs.
    virtual void on_floor_progress(std::uint32_t, std::uint32_t /*pairs*/) {}
    /// Of a run whose training pictures have a floor: before on_start(), and at the end again, then with what
    /// the network reaches on the same pixels.
    virtual void on_floor(const Floor&) {}
    virtual void on_start(const RunStart&) {}
    virtual void on_step(std::uint32_t /*epoch*/, std::uint32_t /*step*/, std::uint32_t /*steps_per_epoch*/) {
    }
    /// `parameters` are those of the epoch's end.
    virtual void on_epoch(const EpochRecord&, const Parameters& /*parameters*/) {}
    /// At an epoch's end it comes before on_epoch().
    virtual void on_validation(const ValidationRecord&) {}
    /// Training is done, and the last layer is being solved: so many parts of the work are done.
    virtual void on_solve_progress(std::uint32_t, std::uint32_t /*parts*/) {}
    /// Before the results: it is solved, and kept where that is better.
    virtual void on_solved(const Solution&) {}
    /// All results are written. Last of all, and not of a run that was stopped before.
    virtual void on_results(const RunResults&) {}
    /// What it keeps in the run folder: removed when a new run fails before it has learned anything.
    virtual std::vector<std::filesystem::path> files() const { return {}; }
};

}  // namespace shadenet
