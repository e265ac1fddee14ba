// Work that rank 0 begins, and the others join.
#pragma once

#include "group/group.h"

namespace shadenet {

/// Of rank 0, around all that may fail: where it ends before begin() the others go on without having begun,
/// and where it ends before done(), with the others waiting in an exchange, it ends them too.
class SharedWork {
  public:
    /// The group must outlive it.
    explicit SharedWork(Group& group) : group_(group) {}
    SharedWork(const SharedWork&) = delete;
    ~SharedWork();

    /// Lets the others begin.
    void begin();
    void done() { done_ = true; }

    /// Of the others, in place of the above: waits, and returns whether there is something to do.
    static bool begins(Group& group);

  private:
    void tell(bool begins);

    Group& group_;
    bool begun_ = false, done_ = false;
};

}  // namespace shadenet
