// Starting threads, which the system may refuse.
#pragma once

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

/// Starts a thread that runs `work`. Throws WorkError when the system allows no more threads.
template <class Work>
std::thread start_thread(Work work) {
    try {
        return std::thread(std::move(work));
    } catch (const std::system_error& error) {
        throw WorkError(fmt::format(
            "no thread can be started: {}; end other programs, or raise the limit that `ulimit -u` shows",
            error.code().message()));
    }
}

/// Threads that the group waits for when it is destroyed, if not before.
class ThreadGroup {
  public:
    ThreadGroup() = default;
    ThreadGroup(const ThreadGroup&) = delete;
    ThreadGroup& operator=(const ThreadGroup&) = delete;
    ~ThreadGroup() { join(); }

    /// Starts up to `count` threads that run `work`; returns how many the system allowed.
    template <class Work>
    unsigned start(unsigned count, const Work& work) {
        unsigned started = 0;
        threads_.reserve(threads_.size() + count);
        try {
            for (; started < count; ++started) threads_.push_back(start_thread(work));
        } catch (const WorkError&) {
            // The threads that did start do all the work.
        }
        return started;
    }
    void join() {
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
    }

  private:
    std::vector<std::thread> threads_;
};

}  // namespace shadenet
