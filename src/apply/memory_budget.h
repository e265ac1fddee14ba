// The memory that all pictures in work may take together.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>

namespace shadenet {

/// Requests are served in the order in which they came, so that small pictures cannot delay a large one for
/// ever. All functions may be called from several threads.
class MemoryBudget {
  public:
    explicit MemoryBudget(std::uint64_t bytes) : limit_(bytes) {}

    /// Waits until `bytes` are free, or until nothing is taken: a request above the whole budget is served
    /// alone.
    void take(std::uint64_t bytes);
    void give_back(std::uint64_t bytes);

  private:
    const std::uint64_t limit_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t taken_ = 0, next_ticket_ = 0, served_ = 0;
};

/// A part of a budget, which the destructor gives back.
class MemoryShare {
  public:
    MemoryShare(MemoryBudget& budget, std::uint64_t bytes) : budget_(&budget), bytes_(bytes) {
        budget.take(bytes);
    }
    MemoryShare(MemoryShare&& other) noexcept : budget_(other.budget_), bytes_(other.bytes_) {
        other.budget_ = nullptr;
    }
    MemoryShare& operator=(MemoryShare&&) = delete;
    /// Gives back all but these bytes, where it has more.
    void keep(std::uint64_t bytes) {
        if (bytes >= bytes_) return;
        budget_->give_back(bytes_ - bytes);
        bytes_ = bytes;
    }
    ~MemoryShare() {
        if (budget_ != nullptr) budget_->give_back(bytes_);
    }

  private:
    MemoryBudget* budget_;
    std::uint64_t bytes_;
};

/// A quarter of the usable memory, but 4 GiB at most.
std::uint64_t default_memory_budget();

}  // namespace shadenet
