// Threads of our own, on systems that may have no more for us.
#pragma once

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

/// Begins `work` on a thread. Throws WorkError when the system allows no more of them.
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

/// Threads that are waited for at the end of the group's life at the latest.
class ThreadGroup {
  public:
    ThreadGroup() = default;
    ThreadGroup(const ThreadGroup&) = delete;
    ThreadGroup& operator=(const ThreadGroup&) = delete;
    ~ThreadGroup() { join(); }

    /// Begins up to `count` threads of `work`; returns how many the system allowed.
    template <class Work>
    unsigned start(unsigned count, const Work& work) {
        unsigned started = 0;
        threads_.reserve(threads_.size() + count);
        try {
            for (; started < count; ++started) threads_.push_back(start_thread(work));
        } catch (const WorkError&) {
            // Those that run do the work of all.
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
