// How long each kernel takes, from the device's own clock.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace shadenet {

struct KernelTime {
    std::uint64_t calls = 0;
    double seconds = 0;
    double bytes = 0;                ///< size of the bound buffers: the least that the calls had to move
    double seconds_per_thread = -1;  ///< of the latest call, once there were two; negative before
    bool begun = false;              ///< there was a first call, which may include what drivers do late

    void add(double call_seconds, double threads, double call_bytes) {
        ++calls;
        seconds += call_seconds;
        bytes += call_bytes;
        if (begun) seconds_per_thread = call_seconds / threads;
        begun = true;
    }
};

class Profiler {
  public:
    /// To add calls to; it stays where it is.
    KernelTime& of(const std::string& kernel) { return times_[kernel]; }
    /// The expected duration of a call in seconds, judged by the latest one; negative before the second call.
    double expected(const std::string& kernel, double threads) const {
        const auto found = times_.find(kernel);
        const bool known = found != times_.end() && found->second.seconds_per_thread >= 0;
        return known ? found->second.seconds_per_thread * threads : -1.0;
    }
    const std::map<std::string, KernelTime>& times() const { return times_; }
    /// Begins counting again from zero; the expected durations are kept.
    void clear_totals() {
        for (auto& [kernel, time] : times_) {
            time = {.seconds_per_thread = time.seconds_per_thread, .begun = time.begun};
        }
    }

  private:
    std::map<std::string, KernelTime> times_;
};

}  // namespace shadenet
