// How long each kernel takes, from the device's own clock.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace shadenet {

struct KernelTime {
    std::uint64_t calls = 0;
    double seconds = 0;
    double bytes = 0;               ///< size of the bound buffers: the least that the calls had to move
    double seconds_per_thread = 0;  ///< of the latest call
};

class Profiler {
  public:
    void add(const std::string& kernel, double seconds, double threads, double bytes) {
        KernelTime& time = times_[kernel];
        ++time.calls;
        time.seconds += seconds;
        time.bytes += bytes;
        time.seconds_per_thread = seconds / threads;
    }
    /// The expected duration of a call in seconds, judged by the latest one; negative before the first call.
    double expected(const std::string& kernel, double threads) const {
        const auto found = times_.find(kernel);
        return found == times_.end() ? -1.0 : found->second.seconds_per_thread * threads;
    }
    const std::map<std::string, KernelTime>& times() const { return times_; }
    /// Begins counting again from zero; the expected durations are kept.
    void clear_totals() {
        for (auto& [kernel, time] : times_) time = {.seconds_per_thread = time.seconds_per_thread};
    }

  private:
    std::map<std::string, KernelTime> times_;
};

}  // namespace shadenet
