// A training run that several processes share: rank 0 runs it, as run_training() says, and the others make
// its steps along.
#pragma once

#include <string>

#include "group/group.h"

namespace shadenet {

class Task;

/// Rank 0's end. The other ranks wait until it offers a job, and then until it begins, or is gone.
class SharedJob {
  public:
    explicit SharedJob(Group& group) : group_(group) {}
    /// Lets the others go, whether there was a job or not; between offer() and join() it abandons them.
    ~SharedJob();
    SharedJob(const SharedJob&) = delete;

    Group& group() const { return group_; }
    /// Lets the others make the task and load it, together with rank 0. `config`: what the run's config.json
    /// holds but for tiles and what only the examples tell.
    void offer(const std::string& config);
    /// When all have loaded it.
    void join(Task& task);
    /// Returns when all are ready for orders.
    void begin(const std::string& tiles);

  private:
    Group& group_;
    bool begun_ = false;
    bool in_offer_ = false;  ///< the others wait for exchanges of the task, until join()
};

/// Of another rank: reads the pictures of its shares, of labelled ones all, and follows rank 0's orders until
/// it ends. Does nothing where there is no job. Throws as a run does; the other ranks then wait in vain.
void follow_job(Group& group, const std::string& device);

}  // namespace shadenet
