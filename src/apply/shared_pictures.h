// Pictures that the processes of a group take among them: rank 0 decides what is done, and each does its
// share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apply/jobs.h"
#include "apply/summary.h"
#include "group/shared_work.h"

namespace shadenet {

/// One rank's end of it. A process alone has all pictures, and none of this waits.
class SharedPictures {
  public:
    explicit SharedPictures(Group& group) : work_(group) {}

    Group& group() const { return work_.group(); }
    /// From give() or take() on; see SharedWork.
    bool is_shared() const { return work_.is_shared(); }

    /// Of rank 0: deals the jobs to the ranks as --shard would, and leaves the share of rank 0 in `plan`. A
    /// single picture is rank 0's job alone. `model`: a hash of the model, for the comparison on every rank.
    void give(ApplyPlan& plan, const std::string& model);
    /// Of another rank: false when rank 0 has no jobs for it.
    bool take(ApplyPlan& plan, std::string& model);

    /// As SharedWork has it.
    bool all_ready(const std::function<void()>& prepare);

    /// What another rank than 0 has to tell.
    void add(const PictureOutcome& outcome);
    /// Waits for all ranks. Rank 0 gets what the others have added.
    std::vector<PictureOutcome> join();

    /// As SharedWork has it; what was added before an exception is joined.
    int leave(int exit_code);

  private:
    SharedWork work_;
    bool begun_ = false, joined_ = false;
    Texts told_;  ///< of outcomes
};

}  // namespace shadenet
