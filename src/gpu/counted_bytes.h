// Memory that somebody counts as taken.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace shadenet {

/// Adds bytes to a count, which must outlive it, for as long as it lives. It can be moved, but not copied.
class CountedBytes {
  public:
    CountedBytes() = default;
    CountedBytes(std::atomic<std::uint64_t>& count, std::uint64_t bytes) : count_(&count), bytes_(bytes) {
        *count_ += bytes_;
    }
    ~CountedBytes() {
        if (count_ != nullptr) *count_ -= bytes_;
    }
    CountedBytes(CountedBytes&& other) noexcept
        : count_(std::exchange(other.count_, nullptr)), bytes_(other.bytes_) {}
    CountedBytes& operator=(CountedBytes&& other) noexcept {
        std::swap(count_, other.count_);
        std::swap(bytes_, other.bytes_);
        return *this;
    }

  private:
    std::atomic<std::uint64_t>* count_ = nullptr;
    std::uint64_t bytes_ = 0;
};

}  // namespace shadenet
