// A lock that is given in the order in which it was asked for.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace shadenet {

/// For std::lock_guard. With a std::mutex a thread that submits again and again takes the lock back before
/// one that waits has woken up, and where submitting does the work itself, as with software drivers, the
/// other one never gets it.
class FairLock {
  public:
    void lock() {
        std::unique_lock guard(mutex_);
        const std::uint64_t mine = next_++;
        turn_.wait(guard, [&] { return serving_ == mine; });
    }
    void unlock() {
        {
            const std::lock_guard guard(mutex_);
            ++serving_;
        }
        turn_.notify_all();
    }
    /// How many wait for it or have it.
    std::uint64_t queue_length() {
        const std::lock_guard guard(mutex_);
        return next_ - serving_;
    }

  private:
    std::mutex mutex_;
    std::condition_variable turn_;
    std::uint64_t next_ = 0, serving_ = 0;
};

}  // namespace shadenet
