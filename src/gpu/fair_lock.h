// A lock that threads get in the order in which they asked for it.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace shadenet {

/// For std::lock_guard. A thread that submits again and again would retake a std::mutex before a waiting
/// thread has woken up. Where submitting does the work itself, as in software drivers, the waiting thread
/// would never get it.
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
    /// How many threads wait for the lock or have it.
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
