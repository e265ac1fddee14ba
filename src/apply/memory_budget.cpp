#include "apply/memory_budget.h"

#include <algorithm>

#include "base/memory.h"

namespace shadenet {

void MemoryBudget::take(std::uint64_t bytes) {
    std::unique_lock lock(mutex_);
    const std::uint64_t ticket = next_ticket_++;
    changed_.wait(lock, [&] { return ticket == served_ && (taken_ == 0 || taken_ + bytes <= limit_); });
    taken_ += bytes;
    ++served_;
    changed_.notify_all();
}

void MemoryBudget::give_back(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    taken_ -= bytes;
    changed_.notify_all();
}

std::uint64_t default_memory_budget() {
    return std::min(usable_memory() / 4, std::uint64_t{4} << 30);
}

}  // namespace shadenet
