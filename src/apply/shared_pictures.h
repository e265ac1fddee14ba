// Pictures that the processes of a group take among them: rank 0 decides what is done, and each does its
// share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "apply/jobs.h"
#include "apply/summary.h"
#include "group/group.h"

namespace shadenet {

/// One rank's end of it. A process alone has all pictures, and none of this waits.
class SharedPictures {
  public:
    explicit SharedPictures(Group& group) : group_(group) {}
    SharedPictures(const SharedPictures&) = delete;

    Group& group() const { return group_; }
    /// From give() or take() on: the ranks work together, and not rank 0 by itself.
    bool is_shared() const { return shared_; }

    /// Of rank 0: deals the jobs to the ranks as --shard would, and leaves the share of rank 0 in `plan`. A
    /// single picture is rank 0's job alone. `model`: a hash of the model, for the comparison on every rank.
    void give(ApplyPlan& plan, const std::string& model);
    /// Of another rank: false when rank 0 has no jobs for it.
    bool take(ApplyPlan& plan, std::string& model);

    /// Does `prepare` on every rank, and returns whether all could: else nothing must begin. What it throws
    /// is thrown on, but only on the first of the ranks where it is the same.
    bool all_ready(const std::function<void()>& prepare);

    /// What another rank than 0 has to tell.
    void add(const PictureOutcome& outcome);
    /// Waits for all ranks. Rank 0 gets what the others have added.
    std::vector<PictureOutcome> join();

    /// The end on this rank, also after an exception: returns the exit code for this process. Rank 0's is the
    /// highest of all, and the others' is 0.
    int leave(int exit_code);

  private:
    Group& group_;
    bool given_ = false;  ///< or taken
    bool shared_ = false, begun_ = false, joined_ = false;
    std::vector<std::string> told_;  ///< of outcomes, as texts
};

}  // namespace shadenet
