// Many pictures through a model, by one process or by the ranks of a job: what apply and classify have in
// common.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apply/earlier_results.h"
#include "apply/jobs.h"
#include "apply/pipeline.h"
#include "apply/shared_pictures.h"
#include "cli/apply_display.h"
#include "cli/picture_flags.h"
#include "model/model_file.h"

namespace shadenet {

/// One process's part of the work: all of it, or the share of a rank.
class PicturePart {
  public:
    PicturePart(const PicturePart&) = delete;
    virtual ~PicturePart() = default;

    /// Of rank 0, or of a process alone.
    int lead();
    /// Of another rank.
    int follow();

  protected:
    /// Both must outlive it.
    PicturePart(const PictureFlags& flags, SharedPictures& shared, const DisplayWords& words)
        : flags_(flags), words_(words), shared_(shared) {}

    void open_model();
    const Model& model() const { return model_; }
    const ApplyPlan& plan() const { return plan_; }
    /// Rank 0 talks, and writes what is told of all pictures.
    bool talks() const { return shared_.group().leads(); }

  private:
    virtual Model read_model() = 0;
    /// All that is to be done, checked.
    virtual ApplyPlan make_plan() = 0;
    /// As take_finished() has it.
    virtual EarlierFindings take_finished(std::vector<ApplyJob>& jobs, const OnChecked& tell) = 0;
    /// Beside the results.
    virtual bool tells_in_files() const { return !flags_.summary.empty(); }
    /// Of which pictures rank 0 says a line.
    virtual DisplayDetail detail() const = 0;
    /// Opens the device, and says so: the last that can be refused.
    virtual void open_device(const std::vector<std::string>& rank_lines) = 0;
    virtual void work_on(const std::vector<ApplyJob>& jobs, const OnOutcome& on_outcome) = 0;
    /// Beside what is shown, on rank 0: of each picture, and in the end.
    virtual void note(const PictureOutcome& /*outcome*/) {}
    virtual void write_notes() {}

    void take_finished_jobs();
    void make_ready();
    void add(const PictureOutcome& outcome);
    int work(const std::function<void()>& prepare);
    std::string how_to_go_on() const;
    int finish(const std::vector<PictureOutcome>& of_others);

    const PictureFlags& flags_;
    const DisplayWords words_;
    SharedPictures& shared_;
    Model model_;
    std::string model_id_;
    ApplyPlan plan_;
    std::vector<ApplyJob> finished_;
    std::vector<std::string> rank_lines_;
    std::optional<ApplyDisplay> display_;
};

/// Throws InputError for --shard on several ranks, which share the pictures by themselves.
void check_shard_flag(const PictureFlags& flags);

}  // namespace shadenet
