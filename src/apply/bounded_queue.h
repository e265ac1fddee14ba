// A queue that hands work from thread to thread.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace shadenet {

/// First in, first out, with room for a few. All functions may be called from several threads.
template <class T>
class BoundedQueue {
  public:
    explicit BoundedQueue(std::size_t room) : room_(room) {}

    /// Waits for room.
    void push(T item) {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return items_.size() < room_; });
        items_.push_back(std::move(item));
        changed_.notify_all();
    }

    /// Waits for an item; empty when the queue is closed and nothing is left.
    std::optional<T> pop() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return !items_.empty() || closed_; });
        return take();
    }

    /// An item if there is one at this moment.
    std::optional<T> try_pop() {
        const std::scoped_lock lock(mutex_);
        return take();
    }

    /// To be called when no more items will be pushed.
    void close() {
        const std::scoped_lock lock(mutex_);
        closed_ = true;
        changed_.notify_all();
    }

  private:
    std::optional<T> take() {
        if (items_.empty()) return std::nullopt;
        std::optional<T> item(std::move(items_.front()));
        items_.pop_front();
        changed_.notify_all();
        return item;
    }

    const std::size_t room_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<T> items_;
    bool closed_ = false;
};

}  // namespace shadenet
