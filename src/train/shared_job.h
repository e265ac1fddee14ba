// A training run that several processes share: rank 0 runs it, as run_training() says, and the others make
// its steps along.
#pragma once

#include <string>

#include "group/group.h"

namespace shadenet {

class Task;

/// Rank 0's end. The other ranks wait until it gives a job, or is gone.
class SharedJob {
  public:
    explicit SharedJob(Group& group) : group_(group) {}
    /// Lets the others go, whether there was a job or not.
    ~SharedJob();
    SharedJob(const SharedJob&) = delete;

    Group& group() const { return group_; }
    /// `config`: what the run's config.json holds. Returns when all are ready for Trainer::follow().
    void give(const std::string& config, const Task& task);

  private:
    void give_text(const std::string& config);

    Group& group_;
    bool given_ = false;
};

/// Of another rank: reads the pictures of its shares, of labelled ones all, and makes the job's steps, until
/// rank 0 ends. Does nothing where there is no job. Throws as a run does; the other ranks then wait in vain.
void follow_job(Group& group, const std::string& device);

}  // namespace shadenet
